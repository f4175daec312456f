// Names for things that come and go: a slot and the generation that lived in it. A stale name finds nothing, so state
// can be copied, replayed and handed between threads without a pointer that dangles.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <vector>

namespace hvc {

template <class Tag> struct handle {
  static constexpr std::uint32_t none = 0xffffffff;
  std::uint32_t slot = none;
  std::uint32_t generation = 0;

  explicit operator bool() const noexcept { return slot != none; }
  friend bool operator==(handle const&, handle const&) = default;
};
using call_id = handle<struct call_tag>;
using connection_id = handle<struct connection_tag>;

// Values by handle. A released slot keeps its value, and so the capacity of the strings in it, for the next one.
template <class Id, class T> class slot_map {
public:
  // The next `n` acquire() will find a slot, and throw nothing.
  void reserve(std::size_t n) {
    while (free_.size() < n) {
      if (free_.capacity() <= slots_.size())
        free_.reserve(2 * slots_.size() + 1); // so that release() cannot throw
      slots_.emplace_back();
      free_.insert(free_.begin(), static_cast<std::uint32_t>(slots_.size() - 1)); // last in turn: next() stays
    }
  }
  // What the next acquire() will return, after a reserve().
  [[nodiscard]] Id next() const noexcept { return at(free_.back()); }

  Id acquire() {
    reserve(1);
    std::uint32_t slot = free_.back();
    free_.pop_back();
    slots_[slot].live = true;
    return Id{slot, slots_[slot].generation};
  }

  void release(Id id) noexcept {
    if (find(id) == nullptr)
      return;
    slots_[id.slot].live = false;
    ++slots_[id.slot].generation;
    free_.push_back(id.slot);
  }

  [[nodiscard]] T* find(Id id) noexcept {
    if (id.slot >= slots_.size())
      return nullptr;
    auto& s = slots_[id.slot];
    return s.live && s.generation == id.generation ? &s.value : nullptr;
  }
  [[nodiscard]] T const* find(Id id) const noexcept { return const_cast<slot_map*>(this)->find(id); }

  // The handle of whatever lives in a slot now.
  [[nodiscard]] Id at(std::uint32_t slot) const noexcept { return Id{slot, slots_[slot].generation}; }
  [[nodiscard]] std::size_t size() const noexcept { return slots_.size() - free_.size(); }
  [[nodiscard]] std::size_t slots() const noexcept { return slots_.size(); }

  template <class F> void for_each(F f) {
    for (std::uint32_t slot = 0; slot < slots_.size(); ++slot)
      if (slots_[slot].live)
        f(at(slot), slots_[slot].value);
  }

private:
  struct entry {
    T value{};
    std::uint32_t generation = 0;
    bool live = false;
  };
  std::deque<entry> slots_;
  std::vector<std::uint32_t> free_;
};

} // namespace hvc
