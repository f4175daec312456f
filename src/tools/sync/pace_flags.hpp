// How often watch and wait ask, and for which session: their flags --interval and --newer-than.
#pragma once

#include "command_line.hpp"

#include <hvc/model.hpp>

#include <chrono>
#include <optional>

namespace hvc::tools {

/// Throws usage_error where it is no time.
[[nodiscard]] std::optional<std::chrono::milliseconds> read_interval(command_line const& line);

/// Throws usage_error where it is no date-time of RFC 3339.
[[nodiscard]] std::optional<date_time> read_newer_than(command_line const& line);

} // namespace hvc::tools
