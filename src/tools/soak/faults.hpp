// What a soak does to its client: which faults of the simulator, what a client must make of each, and a deck that deals
// them out from a seed. Pure: knows neither the simulator nor the client.
#pragma once

#include <hvc/error.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>
#include <span>
#include <string_view>
#include <vector>

namespace hvc::soak {

// What a call makes of a fault it meets.
enum class outlook : std::uint8_t {
  harmless, // the answer is good
  recovers, // tried again, the call succeeds
  fails     // the call ends with an error of that kind
};

struct fault {
  std::string_view card; // faults dealt as one
  std::string_view word; // the simulator's
  hvc::soak::outlook outlook;
  error_kind kind{};      // of a call that fails
  bool anonymous = false; // the answer does not say what was asked
};

[[nodiscard]] std::span<fault const> faults_of_exchanges() noexcept;
[[nodiscard]] std::span<fault const> faults_of_handshakes() noexcept;

// Deals faults, as numbers of their table: each card as often as any other, and in turn the faults of a card.
class deck {
public:
  deck(std::span<fault const> faults, std::uint64_t seed);

  // The next fault that is suitable; what is not stays for whom it suits.
  template <class F> [[nodiscard]] std::size_t deal(F suitable) {
    auto const kept = std::find_if(kept_.begin(), kept_.end(), suitable);
    if (kept != kept_.end()) {
      auto const fault = *kept;
      kept_.erase(kept);
      return fault;
    }
    for (;;) {
      auto const fault = draw();
      if (suitable(fault))
        return fault;
      kept_.push_back(fault);
    }
  }
  [[nodiscard]] std::size_t deal() {
    return deal([](std::size_t) { return true; });
  }

private:
  struct card {
    std::size_t first, last; // of the table
    std::size_t next;
  };
  [[nodiscard]] std::size_t draw();

  std::vector<card> cards_;
  std::vector<std::size_t> order_; // of this round
  std::size_t dealt_ = 0;
  std::vector<std::size_t> kept_;
  std::mt19937_64 random_;
};

// A number from a seed and two others, uniform over 64 bits.
[[nodiscard]] std::uint64_t mixed(std::uint64_t seed, std::uint64_t a, std::uint64_t b) noexcept;

} // namespace hvc::soak
