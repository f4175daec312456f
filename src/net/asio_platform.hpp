// The production platform: Asio sockets, its resolver, its timer, the system's clocks.
#pragma once

#include "net/platform.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <memory>

namespace hvc::net {

[[nodiscard]] std::unique_ptr<platform> make_asio_platform(boost::asio::any_io_executor executor);

} // namespace hvc::net
