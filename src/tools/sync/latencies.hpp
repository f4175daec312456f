// How long many answers took: a histogram of fixed size, whatever their number. Pure.
#pragma once

#include "table.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <string>

namespace hvc::tools {

class latencies {
public:
  // Ten a decade, from 100 us to 100 s; the first also takes what is below, the last what is above.
  static constexpr std::size_t classes = 6 * 10 + 1;

  void add(std::chrono::microseconds took) noexcept;

  [[nodiscard]] std::chrono::microseconds longest() const noexcept { return longest_; }
  /// The time within which that share of all came, to a tenth or so; zero where there are none.
  [[nodiscard]] std::chrono::microseconds quantile(double share) const noexcept;

  /// A line with the quantiles, then a bar for each class from the first to the last that has one; of as many columns
  /// as the canvas has.
  [[nodiscard]] std::string text(canvas const& to) const;

private:
  std::array<std::uint64_t, classes> classes_{};
  std::uint64_t count_ = 0;
  std::chrono::microseconds longest_{};
};

} // namespace hvc::tools
