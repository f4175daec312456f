// The time that decisions are told: never that of the wall, and read by who tells it only.
#pragma once

#include <chrono>

namespace hvc {

using time_point = std::chrono::steady_clock::time_point;

// Saturates: callers may ask for any deadline, and nanoseconds end after 292 years.
inline time_point later(time_point now, std::chrono::milliseconds d) noexcept {
  if (d.count() <= 0)
    return now;
  return d >= std::chrono::floor<std::chrono::milliseconds>(time_point::max() - now) ? time_point::max() : now + d;
}

} // namespace hvc
