// The flags of hvc-sync check.
#pragma once

#include "check_verdict.hpp"
#include "command_line.hpp"

namespace hvc::tools {

/// Throws usage_error where one is no time, or the warning comes after what is critical.
[[nodiscard]] age_limits read_age_limits(command_line const& line);

} // namespace hvc::tools
