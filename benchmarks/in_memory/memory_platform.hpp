// The world outside of a client, in memory: every connection leads to a TLS server in this process, which seals its
// replies before they are asked for. What runs while a client is measured is then the client alone, and one hop through
// its executor a reply.
#pragma once

#include "memory_server.hpp"

#include "net/platform.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <cstddef>
#include <memory>
#include <string>

namespace bench {

/// The whole reply with such a body, as a vCenter writes it.
[[nodiscard]] std::string reply_with(std::string const& json);

/// `server` must outlive the platform. Each connection answers every request with `reply`; after its first one it seals
/// so many ahead, and again when they are used up.
[[nodiscard]] std::unique_ptr<hvc::net::platform> make_memory_platform(boost::asio::any_io_executor executor,
                                                                       memory_server const& server, std::string reply,
                                                                       std::size_t sealed_ahead);

} // namespace bench
