#include "findings.hpp"

#include "error_json.hpp"
#include "text.hpp"
#include "times.hpp"

#include <array>

namespace hvc::tools {

namespace {

using type = finding::type;

std::string_view word_for(type t) noexcept {
  constexpr std::array<std::string_view, 4> words{"ok", "note", "FAILED", "skipped"};
  return words[static_cast<std::size_t>(t)];
}

paint colour_of(type t) noexcept {
  constexpr std::array colours{paint::good, paint::notable, paint::bad, paint::faint};
  return colours[static_cast<std::size_t>(t)];
}

std::string padded(std::string_view text, std::size_t width) {
  std::string cell(text);
  return cell.append(width > cell.size() ? width - cell.size() : 1, ' ');
}

} // namespace

std::string finding_text(finding const& f, canvas const& to) {
  constexpr std::size_t first = 9, second = 9, third = 8;
  std::string const word(word_for(f.result));
  std::string const took = f.took ? duration_text(*f.took) : std::string();
  std::string text = to.painted(colour_of(f.result), word);
  text.append(first - word.size(), ' ').append(padded(f.step, second));
  text.append(third - std::min(third, took.size()), ' ').append(took).append("  ");
  return text + hanging(f.text, first + second + third + 2, to.width);
}

std::string findings_json(std::vector<finding> const& findings) {
  std::string text;
  for (auto const& f : findings) {
    text.append(text.empty() ? "[" : ",").append("{\"step\":").append(json_string(f.step));
    text.append(",\"result\":").append(json_string(word_for(f.result)));
    if (f.took)
      text.append(",\"elapsed_us\":").append(std::to_string(f.took->count()));
    text.append(",\"text\":").append(json_string(f.text));
    if (f.why)
      text.append(",").append(error_member(*f.why));
    text.append("}");
  }
  return text.append("]\n");
}

finding clock_finding(std::optional<date_time> at_server, date_time here) {
  using namespace std::chrono_literals;
  if (!at_server)
    return {.step = "clock", .result = type::skipped, .text = "the server has not said what time it is"};
  auto const ahead = *at_server - here;
  if (ahead > -2s && ahead < 2s) // Date counts whole seconds
    return {.step = "clock", .text = "the server's and this machine's agree, to a second or two"};
  auto const by = duration_text(ahead < 0s ? -ahead : ahead);
  bool const far = ahead <= -2min || ahead >= 2min;
  return {.step = "clock",
          .result = far ? type::notable : type::ok,
          .text = "the server's clock is " + by + (ahead < 0s ? " behind" : " ahead of") + " this machine's"};
}

} // namespace hvc::tools
