// Memory that fails on demand: OpenSSL's, and everybody else's. A program that links failing_memory.cpp has its own
// operator new and aligned_alloc.
#pragma once

#include <limits>

namespace hvc::test {

// Fails for one thread, after so many allocations: once, a number of times in a row, or from then on.
class countdown {
public:
  static constexpr long for_good = std::numeric_limits<long>::max();

  void start(long allocations, long in_a_row = 1) noexcept {
    left_ = allocations;
    failed_ = false;
    failures_ = in_a_row;
  }
  void stop() noexcept { left_ = -1; }
  [[nodiscard]] bool failed() const noexcept { return failed_; }
  [[nodiscard]] bool fails_now() noexcept {
    if (left_ < 0 || left_-- != 0)
      return false;
    failed_ = true;
    left_ = --failures_ > 0 ? 0 : -1;
    return true;
  }

private:
  long left_ = -1; // negative: none fails
  bool failed_ = false;
  long failures_ = 1;
};

// Of this thread.
[[nodiscard]] countdown& memory_of_openssl() noexcept;
[[nodiscard]] countdown& memory_of_ours() noexcept;
[[nodiscard]] long live_allocations() noexcept; // that are not OpenSSL's

// Whether OpenSSL takes its memory here, which is to be arranged before anything uses it.
[[nodiscard]] bool openssl_uses_ours() noexcept;

} // namespace hvc::test
