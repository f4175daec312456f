#include "sweep/token_bucket.hpp"

#include <algorithm>
#include <cmath>

namespace hvc::sweeping {
namespace {

using std::chrono::nanoseconds;

constexpr nanoseconds at_once = std::chrono::milliseconds(50);
constexpr nanoseconds longest = std::chrono::hours(24 * 365); // overflows nothing

// Rounded up: never faster than asked.
nanoseconds interval_of(double per_second) noexcept {
  if (per_second == 0)
    return nanoseconds(0);
  return nanoseconds(
      static_cast<nanoseconds::rep>(std::ceil(std::min(1e9 / per_second, static_cast<double>(longest.count())))));
}

} // namespace

token_bucket::token_bucket(double per_second) noexcept
    : interval_(interval_of(per_second)), tolerance_(std::max(nanoseconds(0), at_once - interval_)) {}

bool token_bucket::take(time_point now) noexcept {
  if (now < next())
    return false;
  full_at_ = std::max(now, full_at_) + interval_;
  return true;
}

} // namespace hvc::sweeping
