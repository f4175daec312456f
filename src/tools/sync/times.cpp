#include "times.hpp"

#include <hvc/codec.hpp>

#include <charconv>
#include <cstdint>

namespace hvc::tools {

namespace {

std::optional<std::int64_t> milliseconds_of(std::string_view unit) noexcept {
  if (unit == "ms")
    return 1;
  if (unit.empty() || unit == "s")
    return 1'000;
  if (unit == "m")
    return 60'000;
  if (unit == "h")
    return 3'600'000;
  return std::nullopt;
}

std::string count(std::int64_t n, std::string_view unit) { return std::to_string(n).append(" ").append(unit); }

std::string tenths(std::int64_t n, std::string_view unit) { return std::to_string(n / 10) + "." + count(n % 10, unit); }

} // namespace

std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) noexcept {
  constexpr std::int64_t year = std::int64_t{365} * 24 * 3'600'000;
  std::uint32_t number = 0; // unsigned: from_chars then takes no sign
  char const* const last = text.data() + text.size();
  auto const [end, failed] = std::from_chars(text.data(), last, number);
  auto const unit = milliseconds_of(std::string_view(end, static_cast<std::size_t>(last - end)));
  if (failed != std::errc() || !unit || number == 0 || number > year / *unit)
    return std::nullopt;
  return std::chrono::milliseconds(number * *unit);
}

std::string duration_text(std::chrono::microseconds d) {
  using namespace std::chrono;
  if (d < 1ms)
    return count(d.count(), "us");
  if (d < 10ms && d % 1ms >= 100us)
    return tenths(d / 100us, "ms");
  if (d < 1s)
    return count(duration_cast<milliseconds>(d).count(), "ms");
  if (d < 10s && d % 1s >= 100ms)
    return tenths(d / 100ms, "s");
  if (d < 2min)
    return count(duration_cast<seconds>(d).count(), "s");
  if (d < 2h)
    return count(duration_cast<minutes>(d).count(), "min");
  if (d < 48h)
    return count(duration_cast<hours>(d).count(), "h");
  return count(d / 24h, "d");
}

std::string age_text(date_time then, date_time now) {
  using namespace std::chrono_literals;
  auto const age = now - then;
  if (age < -1s)
    return "in " + duration_text(-age);
  return age < 1s ? "just now" : duration_text(age) + " ago";
}

std::string utc_text(date_time t) {
  std::string text = format_date_time(t); // 2026-03-14T09:26:53.000Z
  text.resize(text.find_first_of(".Z"));
  text[text.find('T')] = ' ';
  return text + " UTC";
}

} // namespace hvc::tools
