#include "pool/waiters.hpp"

namespace hvc::pool {

waiters::link& waiters::make(call_id call) {
  reserve(call.slot + std::size_t(1));
  ++size_;
  return links_[call.slot] = link{call, call_id::none, call_id::none};
}

void waiters::push_back(call_id call) {
  make(call).previous = last_;
  (last_ == call_id::none ? first_ : links_[last_].next) = call.slot;
  last_ = call.slot;
}

void waiters::push_front(call_id call) {
  make(call).next = first_;
  (first_ == call_id::none ? last_ : links_[first_].previous) = call.slot;
  first_ = call.slot;
}

bool waiters::remove(call_id call) noexcept {
  if (call.slot >= links_.size() || links_[call.slot].call != call)
    return false;
  link& l = links_[call.slot];
  (l.previous == call_id::none ? first_ : links_[l.previous].next) = l.next;
  (l.next == call_id::none ? last_ : links_[l.next].previous) = l.previous;
  l.call = call_id{};
  --size_;
  return true;
}

call_id waiters::pop_front() noexcept {
  if (empty())
    return call_id{};
  call_id const call = links_[first_].call;
  remove(call);
  return call;
}

} // namespace hvc::pool
