#include "net/asio_transport.hpp"

#include "handler_memory.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>

#include <fcntl.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <optional>
#include <utility>

namespace hvc::net {
namespace {

namespace asio = boost::asio;

// A dead peer is noticed by keep-alive probes while idle, and by unacknowledged data otherwise (seconds, milliseconds).
void set_options(int fd) noexcept {
  auto const set = [fd](int level, int name, int value) { ::setsockopt(fd, level, name, &value, sizeof value); };
  ::fcntl(fd, F_SETFD, FD_CLOEXEC);
  set(IPPROTO_TCP, TCP_NODELAY, 1);
  set(SOL_SOCKET, SO_KEEPALIVE, 1);
#ifdef __linux__
  set(IPPROTO_TCP, TCP_KEEPIDLE, 15);
  set(IPPROTO_TCP, TCP_KEEPINTVL, 15);
  set(IPPROTO_TCP, TCP_USER_TIMEOUT, 30'000);
#endif
}

class asio_transport final : public transport {
public:
  explicit asio_transport(asio::any_io_executor const& executor) : socket_(executor) {}

  void connect(endpoint const& to, std::shared_ptr<transport_events> events) override {
    error_code ec;
    socket_.open(to.protocol(), ec);
    if (!ec)
      socket_.non_blocking(true, ec);
    if (ec)
      return asio::post(socket_.get_executor(), [events = std::move(events), ec] { events->on_connected(ec); });
    set_options(socket_.native_handle());
    connected_by_ = to.protocol();
    socket_.async_connect(to, [events = std::move(events)](error_code e) { events->on_connected(e); });
  }

  std::size_t send(std::span<char const> bytes, error_code& ec) override {
    return socket_.send(asio::buffer(bytes.data(), bytes.size()), 0, ec);
  }

  void wait_writable(std::shared_ptr<transport_events> events) override {
    connected_by_.reset(); // a socket registered anew would forget this wait
    socket_.async_wait(asio::ip::tcp::socket::wait_write,
                       [events = std::move(events)](error_code ec) { events->on_writable(ec); });
  }

  // Not an asynchronous read: that wants a buffer a connection for as long as it is armed, tries to read at once, in
  // vain nearly always, and leaves nothing to see of what it has read until its handler runs.
  void wait_readable(std::shared_ptr<transport_events> events) override {
    if (auto const protocol = std::exchange(connected_by_, std::nullopt))
      forget_writability(*protocol);
    socket_.async_wait(asio::ip::tcp::socket::wait_read, wait_handler{std::move(events), &wait_memory_});
  }

  // Not deferred: that would wait for the handler to return that is running here, and it may be a caller's, who waits
  // for what is looked for.
  void look_later(std::shared_ptr<transport_events> events) override {
    asio::post(socket_.get_executor(), wait_handler{std::move(events), &wait_memory_});
  }

  std::size_t receive(std::span<char> into, error_code& ec) override {
    return socket_.receive(asio::buffer(into.data(), into.size()), 0, ec);
  }

  bool readable() noexcept override {
    char byte = 0;
    return ::recv(socket_.native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT) >= 0 ||
           (errno != EAGAIN && errno != EWOULDBLOCK);
  }

  void close() noexcept override {
    error_code ignored;
    socket_.close(ignored);
  }

private:
  struct wait_handler {
    using allocator_type = handler_allocator<std::byte>;
    std::shared_ptr<transport_events> events;
    handler_memory* memory;
    [[nodiscard]] allocator_type get_allocator() const noexcept { return allocator_type(*memory); }
    void operator()(error_code ec = {}) { events->on_readable(ec); }
  };

  // To connect, Asio has epoll watch for writability, too, and never takes that back: each wait armed would bring the
  // news that the socket is writable, and one more turn of the loop. A socket registered anew is watched for input
  // only. Where that fails it is closed, which the wait tells.
  void forget_writability(asio::ip::tcp protocol) {
    error_code ec;
    int const fd = socket_.release(ec);
    try {
      socket_.assign(protocol, fd, ec);
    } catch (...) {
      ::close(fd);
      throw;
    }
    if (ec) {
      ::close(fd);
      return;
    }
    socket_.non_blocking(true, ec);
    if (ec)
      socket_.close(ec);
  }

  asio::ip::tcp::socket socket_;
  std::optional<asio::ip::tcp> connected_by_; // and not waited for input since
  handler_memory wait_memory_;                // the handler's share of the connection keeps it
};

} // namespace

std::unique_ptr<transport> make_asio_transport(asio::any_io_executor const& executor) {
  return std::make_unique<asio_transport>(executor);
}

} // namespace hvc::net
