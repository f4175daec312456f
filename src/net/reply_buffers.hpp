// Buffers for replies on their way, of all connections of a client. So many may have one at a time, and they are kept:
// a thousand, made amidst what connections live on, would leave as many holes when those rest.
#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <mutex>
#include <new>
#include <utility>

namespace hvc::net {

// Thread-safe.
class reply_buffers {
public:
  using buffer = std::array<char, 2048>; // what most replies need, with their head

  // None if all are out, or memory is.
  [[nodiscard]] std::unique_ptr<buffer> take() noexcept {
    std::lock_guard lock(mutex_);
    if (idle_ != 0)
      return std::move(buffers_[--idle_]);
    if (made_ == buffers_.size())
      return nullptr;
    std::unique_ptr<buffer> made(new (std::nothrow) buffer);
    if (made)
      ++made_;
    return made;
  }

  void give(std::unique_ptr<buffer> b) noexcept {
    if (!b)
      return;
    std::lock_guard lock(mutex_);
    buffers_[idle_++] = std::move(b);
  }

private:
  std::mutex mutex_;
  std::array<std::unique_ptr<buffer>, 64> buffers_; // those that are idle come first
  std::size_t idle_ = 0;
  std::size_t made_ = 0;
};

} // namespace hvc::net
