#include "tally.hpp"

#include "exit_code.hpp"
#include "info_card.hpp"
#include "text.hpp"
#include "times.hpp"

#include <algorithm>
#include <array>

namespace hvc::tools {

namespace {

// What is of more weight in a sweep's exit code; an argument of the server's own that the library refuses is a failure.
int weight(int code) noexcept {
  constexpr std::array order{exit_success, exit_server_error, exit_out_of_time, exit_failure};
  auto const found = std::find(order.begin(), order.end(), code);
  return static_cast<int>(found == order.end() ? order.size() - 1 : static_cast<std::size_t>(found - order.begin()));
}

int code_of(swept const& s) noexcept {
  if (!s.info)
    return exit_code(s.info.error()) == exit_usage ? exit_failure : exit_code(s.info.error());
  return s.info->status == sync_status::failed ? exit_server_error : exit_success;
}

// A server may make up names without end.
void count_in(tally::counts& groups, std::string name) {
  constexpr std::size_t most = 64;
  ++groups[groups.size() < most || groups.contains(name) ? std::move(name) : "(others)"];
}

std::string share_text(std::uint64_t part, std::uint64_t whole) {
  auto const permille = part * 1000 / whole;
  return std::to_string(permille / 10) + "." + std::to_string(permille % 10) + " %";
}

} // namespace

std::string group_of(error const& e) {
  std::string group(to_string(e.kind()));
  auto const standard = e.standard();
  auto const detail = !e.reason().empty() ? std::string(e.reason())
                      : standard          ? std::string(standard->error_type.name())
                      : e.http_status() != 0 && e.kind() == error_kind::http_status ? std::to_string(e.http_status())
                                                                                    : std::string();
  return detail.empty() ? group : group.append("(").append(detail).append(")");
}

std::string name_of(std::string_view server, question const& q) {
  std::string name(server);
  if (!q.link.empty())
    name.append(name.empty() ? "" : ": ").append(q.link);
  if (!q.provider.empty())
    name.append("/").append(q.provider);
  return name.empty() ? "the server" : name;
}

void tally::add(std::string_view server, swept const& s) {
  ++count_;
  if (s.info)
    count_in(statuses_, std::string(s.info->status.name()));
  else
    count_in(errors_, group_of(s.info.error()));
  if (weight(code_of(s)) > weight(worst_))
    worst_ = code_of(s);
  if (s.info || (s.info.error().standard() && s.info.error().attempts() != 0)) { // not where nothing was sent
    latencies_.add(s.elapsed);
    note_slow(server, s);
  }
}

void tally::note_slow(std::string_view server, swept const& s) {
  constexpr std::size_t most = 5;
  auto const place =
      std::find_if(slowest_.begin(), slowest_.end(), [&s](slow_one const& o) { return o.took < s.elapsed; });
  if (place == slowest_.end() && slowest_.size() == most)
    return;
  slowest_.insert(place, {s.elapsed, name_of(server, s.question)});
  if (slowest_.size() > most)
    slowest_.pop_back();
}

int tally::exit_code() const noexcept { return worst_; }

std::string tally::text(std::chrono::microseconds took, bool interrupted, canvas const& to) const {
  auto const seconds = std::chrono::duration<double>(took).count();
  std::string text = grouped(count_) + (count_ == 1 ? " result in " : " results in ") + duration_text(took);
  if (seconds > 0)
    text += ", " + grouped(static_cast<std::uint64_t>(static_cast<double>(count_) / seconds + 0.5)) + " a second";
  text += interrupted ? ", then interrupted\n" : "\n";

  std::size_t const digits = grouped(count_).size();
  auto const lines_of = [&](counts const& groups, bool failures) {
    for (auto const& [name, n] : groups) {
      std::string const number = grouped(n);
      text.append(2 + digits - number.size(), ' ').append(number).append("  ");
      std::string const share = share_text(n, count_);
      text.append(7 - std::min<std::size_t>(7, share.size()), ' ').append(share).append("  ");
      text.append(
              to.painted(failures ? paint::bad : colour_of(open_enum<sync_status>::from_name(name)), printable(name)))
          .append("\n");
    }
  };
  lines_of(statuses_, false);
  lines_of(errors_, true);

  if (!slowest_.empty())
    text.append(to.painted(paint::heading, "Slowest")).append("\n");
  for (auto const& s : slowest_) {
    std::string const time = duration_text(s.took);
    text.append(10 - std::min<std::size_t>(10, time.size()), ' ')
        .append(time)
        .append("  ")
        .append(printable(s.name))
        .append("\n");
  }
  return text.append(latencies_.text(to));
}

} // namespace hvc::tools
