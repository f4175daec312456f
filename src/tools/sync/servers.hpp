// The servers a run asks, and a client for each: the one of the command line, or those of --config.
#pragma once

#include "environment.hpp"
#include "session.hpp"

namespace hvc::tools {

/// Reads the configuration, secrets and certificates, and does no other I/O. Throws usage_error, which names the server
/// where there are several.
[[nodiscard]] std::vector<server> make_servers(boost::asio::any_io_executor const& executor, command_line const& line,
                                               environment const& env);

} // namespace hvc::tools
