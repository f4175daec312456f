// Who waits for the next value of an asynchronous range: one handler at most, which its cancellation slot may take
// back. Knows no values' source and no lock: its owner holds one.
#pragma once

#include <hvc/detail/initiate_next.hpp>

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/cancellation_type.hpp>
#include <boost/asio/post.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

namespace hvc::detail {

template <class Value> class consumer {
public:
  using handler = next_handler<Value>;

  [[nodiscard]] bool waits() const noexcept { return static_cast<bool>(handler_); }

  // When the slot is told so, `range->end_wait(number)` is called with the number of this wait, later, on the range's
  // executor: where there is no memory to post that, nothing has happened.
  template <class Range> void wait(std::weak_ptr<Range> range, boost::asio::cancellation_slot slot, handler& h) {
    ++number_;
    if (slot.is_connected())
      slot.template emplace<cancellation<Range>>(std::move(range), number_);
    handler_.swap(h);
  }
  // Into an empty one, to be called or destroyed when no lock is held. (A handler's move assignment recurses in
  // Boost 1.81.)
  void release(handler& to) noexcept { to.swap(handler_); }
  void release(handler& to, std::uint64_t number) noexcept {
    if (number == number_)
      release(to);
  }

private:
  // Names the wait, never points at it: a signal may come at any time, also too late.
  template <class Range> class cancellation {
  public:
    cancellation(std::weak_ptr<Range> range, std::uint64_t number) noexcept
        : range_(std::move(range)), number_(number) {}
    void operator()(boost::asio::cancellation_type type) {
      if (type == boost::asio::cancellation_type::none)
        return;
      if (auto const r = range_.lock())
        boost::asio::post(r->executor(), [r, number = number_] { r->end_wait(number); });
    }

  private:
    std::weak_ptr<Range> range_;
    std::uint64_t number_;
  };

  handler handler_;
  std::uint64_t number_ = 0;
};

} // namespace hvc::detail
