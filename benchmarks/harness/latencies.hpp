// A histogram of latencies with a relative error below 1 %: 64 linear steps in each power of two of nanoseconds. Adding
// costs an increment; knows nothing of what is measured.
#pragma once

#include <bit>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace bench {

class latencies {
public:
  latencies() : counts_(static_cast<std::size_t>(65 - step_bits) << step_bits) {}

  void add(std::chrono::nanoseconds latency) noexcept {
    ++counts_[index_of(latency.count() < 0 ? 0 : static_cast<std::uint64_t>(latency.count()))];
    ++total_;
  }

  void add(latencies const& other) noexcept {
    for (std::size_t i = 0; i != counts_.size(); ++i)
      counts_[i] += other.counts_[i];
    total_ += other.total_;
  }

  [[nodiscard]] std::uint64_t total() const noexcept { return total_; }

  /// The latency that `share` (0 to 1) of all samples do not exceed, in microseconds; 0 without samples.
  [[nodiscard]] double quantile_us(double share) const noexcept {
    auto const wanted = static_cast<std::uint64_t>(share * static_cast<double>(total_) + 0.5);
    std::uint64_t seen = 0;
    for (std::size_t i = 0; i != counts_.size(); ++i) {
      seen += counts_[i];
      if (counts_[i] != 0 && seen >= wanted)
        return middle_of(i) / 1000.0;
    }
    return 0;
  }

private:
  static constexpr unsigned step_bits = 6;

  // Values below 64 have a cell each; above, the cell is the exponent and the 6 bits behind the leading one.
  static std::size_t index_of(std::uint64_t ns) noexcept {
    if (ns < (1U << step_bits))
      return static_cast<std::size_t>(ns);
    unsigned const shift = static_cast<unsigned>(std::bit_width(ns)) - 1 - step_bits;
    return (static_cast<std::size_t>(shift) << step_bits) + static_cast<std::size_t>(ns >> shift);
  }

  static double middle_of(std::size_t index) noexcept {
    if (index < (1U << step_bits))
      return static_cast<double>(index);
    unsigned const shift = static_cast<unsigned>(index >> step_bits) - 1;
    std::uint64_t const low = static_cast<std::uint64_t>(index - (static_cast<std::size_t>(shift) << step_bits))
                              << shift;
    return static_cast<double>(low) + static_cast<double>(std::uint64_t{1} << shift) / 2;
  }

  std::vector<std::uint64_t> counts_;
  std::uint64_t total_ = 0;
};

} // namespace bench
