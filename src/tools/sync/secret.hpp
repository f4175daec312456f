// Passwords and session tokens: read from a file or from standard input, never from the command line.
#pragma once

#include <string>

namespace hvc::tools {

/// The first line of the file `path`, or of standard input where that is `-`, without its end. `what` names the secret
/// for the person: "password". On a terminal it is asked for, unseen. Throws usage_error if the file cannot be read, is
/// longer than a secret can be, or has an empty first line.
[[nodiscard]] std::string read_secret(std::string const& path, std::string const& what);

} // namespace hvc::tools
