#include "paced_output.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <cerrno>

#include <poll.h>
#include <unistd.h>

namespace hvc::tools {

namespace {

// So much fits without waiting into a pipe that poll(2) calls writable (pipe(7), PIPE_BUF).
constexpr std::size_t at_once = 4096;

} // namespace

bool paced_output::write_some(std::chrono::milliseconds at_most) {
  pollfd to{descriptor_, POLLOUT, 0};
  if (::poll(&to, 1, static_cast<int>(at_most.count())) != 1)
    return false;
  auto const n = ::write(descriptor_, waiting_.data() + written_, std::min(at_once, waiting_.size() - written_));
  if (n < 0 && errno != EAGAIN && errno != EINTR)
    failure_ = errno;
  if (n <= 0)
    return false;
  written_ += static_cast<std::size_t>(n);
  if (written_ == waiting_.size()) {
    waiting_.clear();
    written_ = 0;
  }
  return true;
}

boost::asio::awaitable<void> paced_output::flush() {
  namespace asio = boost::asio;
  asio::steady_timer pause(co_await asio::this_coro::executor);
  while (!is_done()) {
    if (write_some(std::chrono::milliseconds(0)))
      continue;
    // No readiness to wait for: Asio would have to make the descriptor non-blocking, for all who share it.
    pause.expires_after(std::chrono::milliseconds(5));
    auto const [failed] = co_await pause.async_wait(asio::as_tuple(asio::use_awaitable));
    if (failed)
      co_return;
  }
}

void paced_output::finish(std::chrono::milliseconds at_most) {
  while (!is_done() && write_some(at_most))
    ;
}

} // namespace hvc::tools
