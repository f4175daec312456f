// Whether a client with the given flags takes the server's certificate: the library decides, nobody else.
#pragma once

#include "session.hpp"

#include <boost/asio/awaitable.hpp>

#include <optional>

namespace hvc::tools {

/// Why there is no connection to it that can be trusted, with that trust, if so. Asks as nobody, so that no password
/// goes to a server that may be another than it says.
[[nodiscard]] boost::asio::awaitable<std::optional<error>> refusal_of(server const& s, tls_options const& trust);

} // namespace hvc::tools
