// A rate, kept: at most so many things a second, and no more at once than the bucket holds. Knows no clock.
#pragma once

#include "time_point.hpp"

#include <chrono>

namespace hvc::sweeping {

class token_bucket {
public:
  // 0: no limit. The bucket holds what 50 ms bring, but at least one token, and is full to begin with.
  explicit token_bucket(double per_second) noexcept;
  // Takes a token if there is one.
  [[nodiscard]] bool take(time_point now) noexcept;
  // From when on there is a token.
  [[nodiscard]] time_point next() const noexcept { return full_at_ - tolerance_; }

private:
  // The tokens are counted in the time they take to come: how many there are is said by when the bucket will be full.
  std::chrono::nanoseconds interval_;
  std::chrono::nanoseconds tolerance_; // how far from full a bucket with one token is
  time_point full_at_ = time_point::min() + std::chrono::hours(1);
};

} // namespace hvc::sweeping
