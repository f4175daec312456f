// How often watch and wait ask: their flag --interval.
#pragma once

#include "command_line.hpp"

#include <chrono>
#include <optional>

namespace hvc::tools {

/// Throws usage_error where it is no time.
[[nodiscard]] std::optional<std::chrono::milliseconds> read_interval(command_line const& line);

} // namespace hvc::tools
