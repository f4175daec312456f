// Memory that fails on demand: OpenSSL's, and everybody else's. A program that links failing_memory.cpp has its own
// operator new and aligned_alloc.
#pragma once

namespace hvc::test {

// Fails for one thread, after so many allocations: once, or from then on.
class countdown {
public:
  void start(long allocations, bool for_good = false) noexcept {
    left_ = allocations;
    failed_ = false;
    for_good_ = for_good;
  }
  void stop() noexcept { left_ = -1; }
  [[nodiscard]] bool failed() const noexcept { return failed_; }
  [[nodiscard]] bool fails_now() noexcept {
    if (left_ < 0 || left_-- != 0)
      return false;
    failed_ = true;
    left_ = for_good_ ? 0 : -1;
    return true;
  }

private:
  long left_ = -1; // negative: none fails
  bool failed_ = false;
  bool for_good_ = false;
};

// Of this thread.
[[nodiscard]] countdown& memory_of_openssl() noexcept;
[[nodiscard]] countdown& memory_of_ours() noexcept;
[[nodiscard]] long live_allocations() noexcept; // that are not OpenSSL's

// Whether OpenSSL takes its memory here, which is to be arranged before anything uses it.
[[nodiscard]] bool openssl_uses_ours() noexcept;

} // namespace hvc::test
