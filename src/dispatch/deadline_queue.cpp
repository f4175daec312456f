#include "dispatch/deadline_queue.hpp"

#include <algorithm>

namespace hvc::dispatch {

void deadline_queue::place(std::uint32_t position, node n) noexcept {
  heap_[position] = n;
  position_[n.key] = position;
}

void deadline_queue::sift_up(std::uint32_t position, node n) noexcept {
  while (position > 0) {
    std::uint32_t const parent = (position - 1) / 2;
    if (heap_[parent].when <= n.when)
      break;
    place(position, heap_[parent]);
    position = parent;
  }
  place(position, n);
}

void deadline_queue::sift_down(std::uint32_t position, node n) noexcept {
  auto const size = static_cast<std::uint32_t>(heap_.size());
  for (;;) {
    std::uint32_t child = 2 * position + 1;
    if (child >= size)
      break;
    if (child + 1 < size && heap_[child + 1].when < heap_[child].when)
      ++child;
    if (n.when <= heap_[child].when)
      break;
    place(position, heap_[child]);
    position = child;
  }
  place(position, n);
}

void deadline_queue::reserve(std::size_t keys) {
  if (keys > heap_.capacity())
    heap_.reserve(std::max(keys, 2 * heap_.capacity()));
  if (keys > position_.size())
    position_.resize(keys, absent);
}

void deadline_queue::set(std::uint32_t key, time_point when) {
  if (when == time_point::max())
    return erase(key);
  reserve(key + std::size_t(1));
  std::uint32_t const position = position_[key];
  if (position == absent) {
    heap_.push_back({});
    return sift_up(static_cast<std::uint32_t>(heap_.size() - 1), {when, key});
  }
  if (when < heap_[position].when)
    sift_up(position, {when, key});
  else
    sift_down(position, {when, key});
}

void deadline_queue::set_at_most(std::uint32_t key, time_point when) {
  std::uint32_t const position = position_of(key);
  if (position == absent || when < heap_[position].when)
    set(key, when);
}

void deadline_queue::erase(std::uint32_t key) noexcept {
  std::uint32_t const position = position_of(key);
  if (position == absent)
    return;
  position_[key] = absent;
  node const last = heap_.back();
  heap_.pop_back();
  if (last.key == key)
    return;
  if (position > 0 && last.when < heap_[(position - 1) / 2].when)
    sift_up(position, last);
  else
    sift_down(position, last);
}

std::optional<std::uint32_t> deadline_queue::pop_due(time_point now) noexcept {
  if (next() > now || heap_.empty())
    return std::nullopt;
  std::uint32_t const key = heap_.front().key;
  erase(key);
  return key;
}

} // namespace hvc::dispatch
