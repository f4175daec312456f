#include "pace_flags.hpp"

#include "times.hpp"
#include "usage_error.hpp"

#include <hvc/codec.hpp>

namespace hvc::tools {

std::optional<std::chrono::milliseconds> read_interval(command_line const& line) {
  auto const text = line.value("interval");
  if (!text)
    return std::nullopt;
  auto const parsed = parse_duration(*text);
  if (!parsed)
    throw usage_error("--interval takes a time such as 500ms, 30s or 2m, of a year at most: not '" + *text + "'");
  return parsed;
}

std::optional<date_time> read_newer_than(command_line const& line) {
  auto const text = line.value("newer-than");
  if (!text)
    return std::nullopt;
  auto const parsed = parse_date_time(*text);
  if (!parsed)
    throw usage_error("--newer-than takes a date-time such as 2026-03-14T09:24:50.000Z: not '" + *text + "'");
  return parsed;
}

} // namespace hvc::tools
