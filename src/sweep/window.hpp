// The questions of a sweep that are under way, or answered and not yet taken: as many as there are places, so that a
// slow consumer slows the asking down. Gives results as they finish, or in the order of the questions. Knows no I/O and
// no time.
#pragma once

#include "handle.hpp"

#include <hvc/sweep_values.hpp>

#include <boost/circular_buffer.hpp>

#include <chrono>
#include <optional>

namespace hvc::sweeping {

using place_id = handle<struct place_tag>;

class window {
public:
  window(unsigned places, bool in_order) : in_order_(in_order), places_(places) {}

  [[nodiscard]] unsigned size() const noexcept { return static_cast<unsigned>(held_.size()); }
  [[nodiscard]] bool full() const noexcept { return size() == places_; }
  // There must be a place. Where this throws, the question stays the caller's.
  place_id admit(question&& q);
  // Stays where it is until its answer.
  [[nodiscard]] question const& at(place_id p) const noexcept { return held_.find(p)->question; }
  // False: that question was given up.
  bool finish(place_id p, result<sync_info>&& info, std::chrono::microseconds elapsed) noexcept;
  // Whether take() will give something.
  [[nodiscard]] bool ready() const noexcept;
  std::optional<swept> take();
  // Forgets all questions without an answer.
  void give_up() noexcept;

private:
  struct place {
    hvc::question question;
    std::optional<result<sync_info>> info;
    std::chrono::microseconds elapsed{};
  };

  bool in_order_;
  unsigned places_;
  slot_map<place_id, place> held_;
  boost::circular_buffer<place_id> order_; // of taking: joined when admitted, or when answered
};

} // namespace hvc::sweeping
