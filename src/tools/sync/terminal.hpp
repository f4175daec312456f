// Where output goes: a terminal of some width, with colours or without, or a file.
#pragma once

#include "command_line.hpp"
#include "environment.hpp"
#include "table.hpp"

#include <cstddef>
#include <cstdio>

namespace hvc::tools {

/// Of --color, NO_COLOR, TERM and the stream itself. Throws usage_error at another --color than auto, always and never.
[[nodiscard]] canvas canvas_of(std::FILE* stream, command_line const& line, environment const& env);

/// In columns; 0 where it is no terminal.
[[nodiscard]] std::size_t terminal_width(std::FILE* stream) noexcept;

} // namespace hvc::tools
