// Standard output that many results go to while calls are under way. A reader that is slow, such as a pager, must not
// stop the process: its deadlines would pass. So what cannot be written yet waits here, and so does who asks for it to
// be written.
#pragma once

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <string>
#include <string_view>

namespace hvc::tools {

class paced_output {
public:
  /// The descriptor stays open.
  explicit paced_output(int descriptor) noexcept : descriptor_(descriptor) {}

  void add(std::string_view text) { waiting_.append(text); }
  [[nodiscard]] bool is_empty() const noexcept { return waiting_.empty(); }
  /// Whether it is time to flush.
  [[nodiscard]] bool is_full() const noexcept { return waiting_.size() >= enough; }

  /// Returns when all that was added is written, or cannot be. May be called by several coroutines of one thread. Does
  /// not throw when cancelled, if the coroutine does not: some is left then.
  [[nodiscard]] boost::asio::awaitable<void> flush();
  /// The same at the end, without a coroutine; a reader that reads nothing is waited for no longer than that.
  void finish(std::chrono::milliseconds at_most);

  /// errno of a write that failed, after which nothing is written any more; 0: none has. EPIPE: the reader is gone.
  [[nodiscard]] int failure() const noexcept { return failure_; }

private:
  static constexpr std::size_t enough = 16 * 1024;

  [[nodiscard]] bool is_done() const noexcept { return failure_ != 0 || is_empty(); }
  // Writes what goes at once; whether anything did.
  bool write_some(std::chrono::milliseconds at_most);

  int descriptor_;
  int failure_ = 0;
  std::string waiting_;
  std::size_t written_ = 0; // of waiting_
};

} // namespace hvc::tools
