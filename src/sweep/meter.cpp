#include "sweep/meter.hpp"

#include <algorithm>
#include <cmath>

namespace hvc::sweeping {
namespace {

constexpr double memory = 5; // seconds

double seconds(std::chrono::steady_clock::duration d) noexcept { return std::chrono::duration<double>(d).count(); }

} // namespace

void meter::start(time_point now) noexcept { started_ = last_ = now; }

double meter::weight_at(time_point now) const noexcept { return weight_ * std::exp(-seconds(now - last_) / memory); }

void meter::one_done(time_point now) noexcept {
  now = std::max(now, last_); // of two threads the later may come first
  weight_ = weight_at(now) + 1;
  last_ = now;
}

double meter::per_second(time_point now) const noexcept {
  now = std::max(now, last_);
  double const age = seconds(now - started_);
  return age > 0 ? weight_at(now) / (memory * -std::expm1(-age / memory)) : 0;
}

std::optional<std::chrono::seconds> meter::time_left(std::uint64_t to_do, time_point now) const noexcept {
  if (to_do == 0)
    return std::chrono::seconds(0);
  constexpr double years = 3600.0 * 24 * 365 * 10;
  double const left = static_cast<double>(to_do) / per_second(now);
  if (!(left < years))
    return std::nullopt;
  return std::chrono::seconds(static_cast<std::int64_t>(std::ceil(left)));
}

} // namespace hvc::sweeping
