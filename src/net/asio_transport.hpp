// A transport over an Asio TCP socket.
#pragma once

#include "net/platform.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <memory>

namespace hvc::net {

[[nodiscard]] std::unique_ptr<transport> make_asio_transport(boost::asio::any_io_executor const& executor);

} // namespace hvc::net
