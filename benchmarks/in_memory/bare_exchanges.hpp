// What is left of a client when its pool, sessions, deadlines and retries are taken away: connections over the platform
// in memory, each of which asks again when it was answered. They share nothing but their io_context.
#pragma once

#include "memory_platform.hpp"

#include <boost/asio/io_context.hpp>

#include <atomic>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace bench {

class bare_exchanges {
public:
  /// Connects them all, with whoever calls running the io_context. `server` must outlive this.
  bare_exchanges(boost::asio::io_context& ioc, memory_server const& server, std::string const& json,
                 unsigned connections, std::size_t sealed_ahead);
  ~bare_exchanges();
  bare_exchanges(bare_exchanges const&) = delete;
  bare_exchanges& operator=(bare_exchanges const&) = delete;

  /// Begins; stops the io_context when all were answered.
  void ask(int questions);

private:
  class connection;

  [[nodiscard]] bool another() noexcept { return left_to_ask_.fetch_sub(1, std::memory_order_relaxed) > 0; }
  void answered();

  boost::asio::io_context& ioc_;
  std::unique_ptr<hvc::net::platform> platform_;
  std::vector<std::shared_ptr<connection>> connections_;
  std::atomic<int> left_to_ask_ = 0, left_to_answer_ = 0;
};

} // namespace bench
