// The flags every command shares, hvc-bench too, and the environment behind them, as the library's options: which
// server, whom to trust, who asks, how long and how often. Makes no client and reads no file but those of secrets.
#pragma once

#include "command_line.hpp"
#include "environment.hpp"

#include <hvc/options.hpp>

namespace hvc::tools {

struct connection_flags {
  client_options client;                    // server, trust, credentials, deadline, attempts
  call_options call;                        // header fields; the deadline, where one is given
  std::optional<std::string> session_cache; // where the session is kept, of a user with a password
};

/// The server that is asked. Throws usage_error where none is given.
[[nodiscard]] std::string server_of(command_line const& line, environment const& env);

/// Flags are taken in groups: the server, the trust, the credentials, the time-out; a group with a flag leaves its
/// variables of the environment alone. Throws usage_error where flags contradict each other or say nothing.
[[nodiscard]] connection_flags read_connection_flags(command_line const& line, environment const& env);

} // namespace hvc::tools
