// Calls that wait for a connection, first come first served. O(1) to join, to leave from anywhere and to be served; no
// allocation in the steady state: the links live in an array indexed by the call's slot.
#pragma once

#include "handle.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace hvc::pool {

class waiters {
public:
  void reserve(std::size_t slots) { // of calls: no push throws for those
    if (links_.size() < slots)
      links_.resize(slots);
  }
  void push_back(call_id call);
  void push_front(call_id call);
  bool remove(call_id call) noexcept; // false: it did not wait
  call_id pop_front() noexcept;       // none if nobody waits
  [[nodiscard]] unsigned size() const noexcept { return size_; }
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }

private:
  struct link {
    call_id call; // none: this slot does not wait
    std::uint32_t previous = call_id::none;
    std::uint32_t next = call_id::none;
  };
  link& make(call_id call);

  std::vector<link> links_;
  std::uint32_t first_ = call_id::none;
  std::uint32_t last_ = call_id::none;
  unsigned size_ = 0;
};

} // namespace hvc::pool
