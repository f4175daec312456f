// The border of a sweep: the caller's range and handler stay typed here, all else is compiled (src/sweep_run.cpp).
// Not for users: names and meaning may change with every version.
#pragma once

#include <hvc/detail/initiate.hpp>
#include <hvc/sweep_values.hpp>

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>

#include <memory>
#include <optional>
#include <ranges>
#include <type_traits>
#include <utility>

namespace hvc {

class client;

namespace detail {

class sweep_run;

// The caller's range of questions, whatever its type.
class question_source {
public:
  virtual ~question_source() = default;
  virtual std::optional<question> next() = 0;
  [[nodiscard]] virtual std::optional<std::uint64_t> size() = 0; // before the first next()
};

template <std::ranges::view View> class range_source final : public question_source {
public:
  explicit range_source(View v) : view_(std::move(v)) {}

  std::optional<question> next() override {
    if (!at_)
      at_.emplace(std::ranges::begin(view_));
    else
      ++*at_;
    if (*at_ == std::ranges::end(view_))
      return std::nullopt;
    return std::optional<question>(std::in_place, static_cast<question>(**at_));
  }
  [[nodiscard]] std::optional<std::uint64_t> size() override {
    if constexpr (std::ranges::sized_range<View>)
      return static_cast<std::uint64_t>(std::ranges::size(view_));
    else
      return std::nullopt;
  }

private:
  View view_;
  std::optional<std::ranges::iterator_t<View>> at_; // of the last question given
};

template <std::ranges::view View> std::unique_ptr<question_source> make_source(View v) {
  return std::make_unique<range_source<View>>(std::move(v));
}

using next_handler = boost::asio::any_completion_handler<void(std::optional<swept>)>;

[[nodiscard]] std::shared_ptr<sweep_run> make_sweep(client& c, sweep_options options, std::optional<std::uint64_t> total);
[[nodiscard]] std::shared_ptr<sweep_run> make_sweep_of_everything(client& c, sweep_options options);
[[nodiscard]] boost::asio::any_io_executor const& executor_of(sweep_run const& r) noexcept;
void start_next(sweep_run& r, question_source* from, boost::asio::cancellation_slot slot, next_handler handler);
void stop(sweep_run& r);
void abandon(sweep_run* r) noexcept; // null: moved from
[[nodiscard]] sweep_progress progress_of(sweep_run& r);

class initiate_next {
public:
  using executor_type = boost::asio::any_io_executor;
  initiate_next(sweep_run& r, question_source* from) noexcept : run_(&r), from_(from) {}
  [[nodiscard]] executor_type get_executor() const noexcept { return executor_of(*run_); }

  template <class Handler> void operator()(Handler&& handler) const {
    auto slot = boost::asio::get_associated_cancellation_slot(handler);
    start_next(*run_, from_, slot,
               next_handler(bound_handler<std::decay_t<Handler>>(std::forward<Handler>(handler), executor_of(*run_))));
  }

private:
  sweep_run* run_;
  question_source* from_;
};

} // namespace detail
} // namespace hvc
