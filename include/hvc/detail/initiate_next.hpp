// How the next value of an asynchronous range is asked for: the caller's handler stays typed here, all else is
// compiled. Not for users: names and meaning may change with every version.
#pragma once

#include <hvc/detail/initiate.hpp>

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>

#include <optional>
#include <type_traits>
#include <utility>

namespace hvc::detail {

// Takes the value out of where it is: it is large, and every border by value would move it.
template <class Value> using next_handler = boost::asio::any_completion_handler<void(std::optional<Value>&)>;

// A range is what `start_next(range..., slot, handler)` takes.
template <class Value> class initiate_next {
public:
  using executor_type = boost::asio::any_io_executor;
  explicit initiate_next(executor_type const& executor) noexcept : executor_(&executor) {}
  [[nodiscard]] executor_type get_executor() const noexcept { return *executor_; }

  template <class Handler, class... Range> void operator()(Handler&& handler, Range*... range) const {
    auto slot = boost::asio::get_associated_cancellation_slot(handler);
    start_next(range..., slot,
               next_handler<Value>(bound_handler<std::decay_t<Handler>>(std::forward<Handler>(handler), *executor_)));
  }

private:
  executor_type const* executor_; // of the range
};

} // namespace hvc::detail
