// Whether a failed attempt is tried again, and when: attempts, full-jitter back-off, Retry-After and a budget of
// tokens. Pure: time left and randomness are arguments.
#pragma once

#include <hvc/error.hpp>
#include <hvc/options.hpp>

#include <chrono>
#include <cstdint>
#include <optional>

namespace hvc::retry {

// Tokens that bound the load retries add when a server is down: the calls' successes earn what the retries cost.
class budget {
public:
  explicit budget(unsigned capacity) noexcept : capacity_(capacity), tokens_(capacity) {}
  [[nodiscard]] bool withdraw(unsigned cost) noexcept {
    if (tokens_ < cost)
      return false;
    tokens_ -= cost;
    return true;
  }
  // A call succeeded; `spent` is what its last retry cost, 0 if it had none.
  void succeeded(unsigned spent) noexcept {
    unsigned const earned = spent + 1;
    tokens_ = capacity_ - tokens_ < earned ? capacity_ : tokens_ + earned;
  }
  [[nodiscard]] unsigned tokens() const noexcept { return tokens_; }

private:
  unsigned capacity_;
  unsigned tokens_;
};

// Whether the same call may succeed later without anybody changing anything: what error::retryable() says.
[[nodiscard]] bool may_succeed_later(error const&) noexcept;
// Whether a call tries again by itself after this: fewer than those above. Time-outs of connecting and TLS took long
// enough already to let the caller decide.
[[nodiscard]] bool is_retried(error const&) noexcept;

struct again {
  std::chrono::milliseconds delay{};
  unsigned cost = 0; // tokens taken from the budget
};
// `attempts` were made so far, of those that count (not: replays, repetitions after a 401, attempts that never began);
// `time_left` remains to the deadline, `random` is uniform over 64 bits. Nothing: give up.
[[nodiscard]] std::optional<again> decide(retry_options const&, error const&, unsigned attempts, unsigned max_attempts,
                                          std::chrono::nanoseconds time_left, std::uint64_t random, budget&) noexcept;

} // namespace hvc::retry
