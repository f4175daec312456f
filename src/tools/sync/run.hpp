// Runs one command from its first byte to the log-out: the io_context, the client, signals.
#pragma once

#include "command.hpp"
#include "command_line.hpp"
#include "environment.hpp"

namespace hvc::tools {

/// The exit code. Throws usage_error, before any I/O with the server.
[[nodiscard]] int run(command const& c, command_line const& line, environment const& env);

} // namespace hvc::tools
