// How fast things get done of late, and how long the rest will take. Knows no clock.
#pragma once

#include "time_point.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

namespace hvc::sweeping {

// A rate that forgets: what was done a time t ago counts exp(-t / 5 s), and a young meter knows that it is young.
class meter {
public:
  void start(time_point now) noexcept;
  void one_done(time_point now) noexcept;
  [[nodiscard]] double per_second(time_point now) const noexcept;
  // None where nothing gets done, or it would take years.
  [[nodiscard]] std::optional<std::chrono::seconds> time_left(std::uint64_t to_do, time_point now) const noexcept;

private:
  [[nodiscard]] double weight_at(time_point now) const noexcept;

  time_point started_{};
  time_point last_{};
  double weight_ = 0; // of all that was done, at last_
};

} // namespace hvc::sweeping
