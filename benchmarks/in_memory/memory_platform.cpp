#include "memory_platform.hpp"

#include "net/asio_platform.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <cstring>
#include <functional>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace bench {

namespace {

using hvc::net::endpoint;
using hvc::net::error_code;
using hvc::net::transport_events;

class memory_transport final : public hvc::net::transport {
public:
  memory_transport(boost::asio::any_io_executor const& executor, memory_server const& server, std::string_view reply,
                   std::size_t sealed_ahead)
      : executor_(executor), peer_(server), reply_(reply), sealed_ahead_(sealed_ahead) {}

  void connect(endpoint const&, std::shared_ptr<transport_events> events) override {
    boost::asio::post(executor_, [events = std::move(events)] { events->on_connected({}); });
  }

  // After the first one, whatever is sent is taken for a request: nobody looks, so nobody's time is measured but the
  // client's.
  std::size_t send(std::span<char const> bytes, error_code&) override {
    if (serves_)
      answer();
    else
      meet({bytes.data(), bytes.size()});
    deliver();
    return bytes.size();
  }

  void wait_writable(std::shared_ptr<transport_events>) override { throw std::logic_error("a send takes everything"); }

  void wait_readable(std::shared_ptr<transport_events> events) override {
    events_ = std::move(events);
    deliver();
  }

  void look_later(std::shared_ptr<transport_events> events) override { wait_readable(std::move(events)); }

  std::size_t receive(std::span<char> into, error_code& ec) override {
    std::size_t const n = std::min(into.size(), incoming_.size());
    if (n == 0)
      ec = boost::asio::error::would_block;
    std::memcpy(into.data(), incoming_.data(), n);
    incoming_.erase(0, n);
    return n;
  }

  [[nodiscard]] bool readable() noexcept override { return !incoming_.empty(); }

  void close() noexcept override { events_.reset(); }

private:
  // The handshake, and the first request behind it.
  void meet(std::string_view bytes) {
    peer_.feed(bytes);
    if (!peer_.read().empty()) {
      serves_ = true;
      peer_.write(reply_);
    }
    incoming_ += peer_.take();
  }

  void answer() {
    if (sealed_.empty()) {
      for (std::size_t i = 0; i != sealed_ahead_; ++i)
        peer_.write(reply_);
      records_ = peer_.take(); // all of one size
      sealed_ = records_;
    }
    std::size_t const one = records_.size() / sealed_ahead_;
    incoming_.append(sealed_.substr(0, one));
    sealed_.remove_prefix(one);
  }

  void deliver() {
    if (events_ && readable())
      boost::asio::post(executor_, [events = std::exchange(events_, nullptr)] { events->on_readable({}); });
  }

  boost::asio::any_io_executor executor_;
  memory_peer peer_;
  std::string_view reply_;
  std::size_t sealed_ahead_;
  bool serves_ = false;
  std::string records_;                      // replies, sealed
  std::string_view sealed_;                  // those of them that nobody has asked for yet
  std::string incoming_;                     // on its way to the client
  std::shared_ptr<transport_events> events_; // of the wait that is armed
};

// Names, clocks and the alarm are the real ones.
class memory_platform final : public hvc::net::platform {
public:
  memory_platform(boost::asio::any_io_executor executor, memory_server const& server, std::string reply,
                  std::size_t sealed_ahead)
      : executor_(std::move(executor)), real_(hvc::net::make_asio_platform(executor_)), server_(server),
        reply_(std::move(reply)), sealed_ahead_(sealed_ahead) {}

  [[nodiscard]] hvc::time_point now() const noexcept override { return real_->now(); }
  [[nodiscard]] std::chrono::sys_seconds wall_clock() const noexcept override { return real_->wall_clock(); }
  [[nodiscard]] std::unique_ptr<hvc::net::transport> make_transport() override {
    return std::make_unique<memory_transport>(executor_, server_, reply_, sealed_ahead_);
  }
  void resolve(std::string const& host, std::uint16_t port, resolve_handler done) override {
    real_->resolve(host, port, std::move(done));
  }
  void wake_at(hvc::time_point when, std::weak_ptr<hvc::net::sleeper> whom) override {
    real_->wake_at(when, std::move(whom));
  }
  void cancel_alarm() noexcept override { real_->cancel_alarm(); }

private:
  boost::asio::any_io_executor executor_;
  std::unique_ptr<hvc::net::platform> real_;
  memory_server const& server_;
  std::string reply_;
  std::size_t sealed_ahead_;
};

} // namespace

std::string reply_with(std::string const& json) {
  return "HTTP/1.1 200 OK\r\ndate: Sat, 14 Mar 2026 09:26:53 GMT\r\ncontent-type: application/json\r\n"
         "content-length: " +
         std::to_string(json.size()) + "\r\nserver: envoy\r\n\r\n" + json;
}

std::unique_ptr<hvc::net::platform> make_memory_platform(boost::asio::any_io_executor executor,
                                                         memory_server const& server, std::string reply,
                                                         std::size_t sealed_ahead) {
  return std::make_unique<memory_platform>(std::move(executor), server, std::move(reply), sealed_ahead);
}

} // namespace bench
