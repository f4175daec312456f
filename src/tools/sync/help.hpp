// What --help says.
#pragma once

#include "command.hpp"

namespace hvc::tools {

/// Of the program: its commands and the flags they share.
[[nodiscard]] std::string program_help();
/// Of one command.
[[nodiscard]] std::string command_help(command const& c);

} // namespace hvc::tools
