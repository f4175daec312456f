#include "net/asio_platform.hpp"

#include "net/asio_transport.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/system/system_error.hpp>

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <new>
#include <utility>

namespace hvc::net {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

// getaddrinfo(3) takes a name for unknown where it had no descriptor to ask with.
error_code reason_behind(error_code unresolved) noexcept {
  int const descriptor = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (descriptor >= 0) {
    ::close(descriptor);
    return unresolved;
  }
  return errno == EMFILE || errno == ENFILE ? error_code(errno, boost::system::system_category()) : unresolved;
}

class asio_platform final : public platform {
public:
  explicit asio_platform(asio::any_io_executor executor)
      : executor_(std::move(executor)), timers_{asio::steady_timer(executor_), asio::steady_timer(executor_)} {
    // An io_context ends its services in the reverse order of their making: the resolvers' has to outlive the one that
    // drops this client.
    tcp::resolver const makes_the_service(executor_);
  }

  [[nodiscard]] time_point now() const noexcept override { return std::chrono::steady_clock::now(); }
  [[nodiscard]] std::chrono::sys_seconds wall_clock() const noexcept override {
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  }
  [[nodiscard]] std::unique_ptr<transport> make_transport() override { return make_asio_transport(executor_); }

  void resolve(std::string const& host, std::uint16_t port, resolve_handler done) override {
    error_code not_literal;
    auto const address = asio::ip::make_address(host, not_literal);
    if (!not_literal)
      return asio::post(executor_, [done = std::move(done), found = std::vector{endpoint(address, port)}]() mutable {
        done({}, std::move(found));
      });
    try {
      look_up(host, port, done);
    } catch (boost::system::system_error const& no_thread) { // Asio's resolver wants one of its own
      asio::post(executor_, [done = std::move(done), ec = no_thread.code()] { done(ec, {}); });
    }
  }
  void wake_at(time_point when, std::weak_ptr<sleeper> whom) override {
    auto& other = timers_[1 - set_];
    other.expires_at(when);
    other.async_wait([whom = std::move(whom)](error_code ec) { // takes no memory but what the last one gave back
      if (auto const s = ec ? nullptr : whom.lock())
        s->on_alarm();
    });
    timers_[set_].cancel();
    set_ = 1 - set_;
  }

  void cancel_alarm() noexcept override { timers_[set_].cancel(); }

private:
  void look_up(std::string const& host, std::uint16_t port, resolve_handler const& done) {
    auto resolver = std::make_shared<tcp::resolver>(executor_);
    resolver->async_resolve(host, std::to_string(port), tcp::resolver::numeric_service,
                            [resolver, done](error_code ec, tcp::resolver::results_type const& found) {
                              if (ec)
                                ec = reason_behind(ec);
                              std::vector<endpoint> addresses;
                              try {
                                addresses.assign(found.begin(), found.end());
                              } catch (std::bad_alloc const&) {
                                ec = asio::error::no_memory;
                              }
                              done(ec, std::move(addresses));
                            });
  }

  asio::any_io_executor executor_;
  std::array<asio::steady_timer, 2> timers_; // in turn: an alarm that cannot be set leaves the last one as it was
  std::size_t set_ = 0;
};

} // namespace

std::unique_ptr<platform> make_asio_platform(asio::any_io_executor executor) {
  return std::make_unique<asio_platform>(std::move(executor));
}

} // namespace hvc::net
