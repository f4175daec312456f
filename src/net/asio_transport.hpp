// A transport over an Asio TCP socket.
#pragma once

#include "net/platform.hpp"
#include "net/reply_buffers.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <memory>

namespace hvc::net {

[[nodiscard]] std::unique_ptr<transport> make_asio_transport(boost::asio::any_io_executor const& executor,
                                                             std::shared_ptr<reply_buffers> buffers);

} // namespace hvc::net
