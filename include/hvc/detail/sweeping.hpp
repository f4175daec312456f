// The border of a sweep: the caller's range stays typed here, all else is compiled (src/sweep_run.cpp).
// Not for users: names and meaning may change with every version.
#pragma once

#include <hvc/detail/initiate_next.hpp>
#include <hvc/sweep_values.hpp>

#include <memory>
#include <optional>
#include <ranges>
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
    if (std::exchange(given_, false))
      ++*at_;
    if (*at_ == std::ranges::end(view_))
      return std::nullopt;
    std::optional<question> q(std::in_place, static_cast<question>(**at_));
    given_ = true; // not before: where there was no memory for it, it is still the next one
    return q;
  }
  [[nodiscard]] std::optional<std::uint64_t> size() override {
    if constexpr (std::ranges::sized_range<View>)
      return static_cast<std::uint64_t>(std::ranges::size(view_));
    else
      return std::nullopt;
  }

private:
  View view_;
  std::optional<std::ranges::iterator_t<View>> at_; // of the last question given, or of the next one
  bool given_ = false;
};

template <std::ranges::view View> std::unique_ptr<question_source> make_source(View v) {
  return std::make_unique<range_source<View>>(std::move(v));
}

[[nodiscard]] std::shared_ptr<sweep_run> make_sweep(client& c, sweep_options options,
                                                    std::optional<std::uint64_t> total);
[[nodiscard]] std::shared_ptr<sweep_run> make_sweep_of_everything(client& c, sweep_options options);
[[nodiscard]] boost::asio::any_io_executor const& executor_of(sweep_run const& r) noexcept;
void start_next(sweep_run* r, question_source* from, boost::asio::cancellation_slot slot, next_handler<swept> handler);
void stop(sweep_run& r);
void abandon(sweep_run* r) noexcept; // null: moved from
[[nodiscard]] sweep_progress progress_of(sweep_run& r);

} // namespace detail
} // namespace hvc
