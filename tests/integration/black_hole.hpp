// A server behind which there is nobody: connections open and nothing is ever said, or they do not even open.
#pragma once

#include "catch.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <poll.h>

#include <string>
#include <vector>

namespace hvc::test {

class black_hole {
public:
  enum class kind { silent, full };

  explicit black_hole(kind k) : acceptor_(context_) {
    using boost::asio::ip::tcp;
    tcp::endpoint const any(boost::asio::ip::address_v4::loopback(), 0);
    acceptor_.open(any.protocol());
    acceptor_.bind(any);
    acceptor_.listen(k == kind::full ? 0 : 64); // the system completes that many connections, and nobody takes them
    if (k == kind::full)
      while (opens()) // until the queue is full; the system answers no further one
        REQUIRE(waiting_.size() < 8);
  }

  [[nodiscard]] std::string server() const {
    return "https://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port());
  }

private:
  // Whether one more connection opens; on loopback it does at once or never.
  bool opens() {
    auto& one = waiting_.emplace_back(context_, boost::asio::ip::tcp::v4());
    one.native_non_blocking(true);
    auto const where = acceptor_.local_endpoint();
    static_cast<void>(::connect(one.native_handle(), where.data(), static_cast<socklen_t>(where.size())));
    pollfd open{one.native_handle(), POLLOUT, 0};
    return ::poll(&open, 1, 50) == 1;
  }

  boost::asio::io_context context_;
  boost::asio::ip::tcp::acceptor acceptor_;
  std::vector<boost::asio::ip::tcp::socket> waiting_;
};

} // namespace hvc::test
