#include "check_flags.hpp"

#include "times.hpp"
#include "usage_error.hpp"

namespace hvc::tools {

namespace {

std::optional<std::chrono::seconds> limit_of(command_line const& line, std::string const& flag) {
  auto const text = line.value(flag);
  if (!text)
    return std::nullopt;
  auto const parsed = parse_duration(*text);
  if (!parsed || *parsed % std::chrono::seconds(1) != std::chrono::seconds(0))
    throw usage_error("--" + flag + " takes an age in whole seconds, such as 900, 15m or 1h: not '" + *text + "'");
  return std::chrono::duration_cast<std::chrono::seconds>(*parsed);
}

} // namespace

age_limits read_age_limits(command_line const& line) {
  age_limits const limits{limit_of(line, "warning"), limit_of(line, "critical")};
  if (limits.warning && limits.critical && *limits.warning > *limits.critical)
    throw usage_error("--warning must not be later than --critical");
  return limits;
}

} // namespace hvc::tools
