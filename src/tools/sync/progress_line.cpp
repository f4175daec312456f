#include "progress_line.hpp"

#include "text.hpp"
#include "times.hpp"

#include <algorithm>

namespace hvc::tools {

namespace {

void add(std::optional<std::uint64_t>& sum, std::optional<std::uint64_t> part) {
  sum = sum && part ? std::optional(*sum + *part) : std::nullopt;
}

} // namespace

sweep_progress sum_of(std::span<sweep_progress const> all) {
  sweep_progress sum;
  sum.total = sum.expected = 0;
  bool timed = true;
  std::chrono::seconds left{0};
  for (auto const& p : all) {
    sum.done += p.done;
    sum.failed += p.failed;
    sum.in_flight += p.in_flight;
    sum.rate += p.rate;
    add(sum.total, p.total);
    add(sum.expected, p.expected);
    bool const ended = p.total && p.done >= *p.total;
    timed = timed && (ended || p.time_left);
    left = std::max(left, p.time_left.value_or(std::chrono::seconds(0)));
  }
  if (timed && sum.expected)
    sum.time_left = left;
  return sum;
}

std::string progress_text(sweep_progress const& p) {
  std::string text = grouped(p.done);
  if (p.expected)
    text += (p.total ? " of " : " of about ") + grouped(*p.expected);
  else
    text += " so far";
  if (p.failed != 0)
    text += ", " + grouped(p.failed) + " failed";
  text += ", " + grouped(static_cast<std::uint64_t>(p.rate + 0.5)) + " a second";
  if (p.time_left && p.time_left->count() > 0)
    text += ", " + duration_text(*p.time_left) + " left";
  return text;
}

std::string progress_line(sweep_progress const& p, canvas const& to) {
  std::string const text = progress_text(p);
  if (to.width == 0)
    return text;
  constexpr std::size_t widest = 40, narrowest = 8;
  std::size_t const beside = text.size() + 4; // brackets, a space, and the last column, where terminals wrap
  if (!p.expected || to.width < beside + narrowest)
    return text.substr(0, to.width - 1);
  std::size_t const room = std::min(widest, to.width - beside);
  std::size_t const full =
      *p.expected == 0 ? room : static_cast<std::size_t>(std::min(p.done, *p.expected) * room / *p.expected);
  std::string bar(full, '=');
  if (full < room)
    bar.push_back('>');
  std::string line("[");
  line.append(to.painted(paint::good, bar)).append(room - bar.size(), ' ');
  return line.append("] ").append(text);
}

} // namespace hvc::tools
