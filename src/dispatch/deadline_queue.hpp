// Which of many things is due next: an indexed binary heap with at most one time a key, keys being small numbers. Knows
// no clock.
#pragma once

#include "time_point.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

namespace hvc::dispatch {

class deadline_queue {
public:
  // Nothing that is done with keys below this throws.
  void reserve(std::size_t keys);
  // Sets, moves or, with time_point::max(), removes the key's time.
  void set(std::uint32_t key, time_point when);
  // As set, but only where that is earlier than what the key has. For times that are judged anew when they come: such a
  // key costs nothing while its time only moves away.
  void set_at_most(std::uint32_t key, time_point when);
  void erase(std::uint32_t key) noexcept;

  [[nodiscard]] time_point next() const noexcept { return heap_.empty() ? time_point::max() : heap_.front().when; }
  // Takes one key out whose time has come.
  std::optional<std::uint32_t> pop_due(time_point now) noexcept;

private:
  struct node {
    time_point when;
    std::uint32_t key;
  };
  static constexpr std::uint32_t absent = 0xffffffff;

  void place(std::uint32_t position, node n) noexcept;
  void sift_up(std::uint32_t position, node n) noexcept;
  void sift_down(std::uint32_t position, node n) noexcept;
  [[nodiscard]] std::uint32_t position_of(std::uint32_t key) const noexcept {
    return key < position_.size() ? position_[key] : absent;
  }

  std::vector<node> heap_;
  std::vector<std::uint32_t> position_; // by key
};

} // namespace hvc::dispatch
