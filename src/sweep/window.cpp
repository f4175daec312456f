#include "sweep/window.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace hvc::sweeping {

place_id window::admit(question&& q) {
  assert(!full());
  if (order_.capacity() <= held_.size())
    order_.set_capacity(std::min<std::size_t>(places_, 2 * held_.size() + 16)); // so that finish() cannot throw
  place_id const p = held_.acquire();
  place& new_one = *held_.find(p);
  new_one.question = std::move(q);
  new_one.info.reset();
  if (in_order_)
    order_.push_back(p);
  return p;
}

bool window::finish(place_id p, result<sync_info>&& info, std::chrono::microseconds elapsed) noexcept {
  place* const answered = held_.find(p);
  if (answered == nullptr)
    return false;
  answered->info = std::move(info);
  answered->elapsed = elapsed;
  if (!in_order_)
    order_.push_back(p);
  return true;
}

bool window::ready() const noexcept { return !order_.empty() && held_.find(order_.front())->info.has_value(); }

std::optional<swept> window::take() {
  if (!ready())
    return std::nullopt;
  place_id const p = order_.front();
  place& taken = *held_.find(p);
  std::optional<swept> r(std::in_place, std::move(taken.question), *std::move(taken.info), taken.elapsed);
  order_.pop_front();
  held_.release(p);
  return r;
}

void window::give_up() noexcept {
  held_.for_each([this](place_id p, place const& unanswered) {
    if (!unanswered.info)
      held_.release(p);
  });
  order_.erase(std::remove_if(order_.begin(), order_.end(), [this](place_id p) { return held_.find(p) == nullptr; }),
               order_.end());
}

} // namespace hvc::sweeping
