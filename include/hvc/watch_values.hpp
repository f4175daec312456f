// How a provider is watched and a synchronisation waited for. Plain values with constructors, because g++ 12 destroys
// an aggregate temporary in a co_await expression twice.
#pragma once

#include <hvc/model.hpp>
#include <hvc/options.hpp>
#include <hvc/result.hpp>

#include <chrono>
#include <functional>
#include <optional>
#include <utility>

namespace hvc {

/// How a provider is watched.
class watch_options {
public:
  watch_options() {} // not defaulted, see above

  /// The least time from an answer to the next poll. By default the server's own polling_interval_in_seconds, but at
  /// least 10 s, and a minute until the server has said one. Positive, at most a year.
  watch_options& interval(std::chrono::milliseconds d) {
    interval_ = d;
    return *this;
  }
  /// Of every poll.
  watch_options& call(call_options o) {
    call_ = std::move(o);
    return *this;
  }

  [[nodiscard]] std::optional<std::chrono::milliseconds> interval() const noexcept { return interval_; }
  [[nodiscard]] call_options const& call() const noexcept { return call_; }

private:
  std::optional<std::chrono::milliseconds> interval_;
  call_options call_;
};

/// How a synchronisation is waited for.
class wait_options {
public:
  wait_options() {} // not defaulted, see above

  /// From the initiation, over everything: by default an hour. Positive, at most a year.
  wait_options& deadline(std::chrono::milliseconds d) {
    deadline_ = d;
    return *this;
  }
  /// The least time from an answer to the next poll: by default 5 s. Positive, at most a year.
  wait_options& interval(std::chrono::milliseconds d) {
    interval_ = d;
    return *this;
  }
  /// Waits for a session that started after this point of the server's clock: for the one about to begin, where this is
  /// the start_time of the one before.
  wait_options& newer_than(date_time t) {
    newer_than_ = t;
    return *this;
  }
  /// Told of the session waited for with every answer that differs from the one before, its end included; of none that
  /// is older than newer_than(). On the executor of the wait's handler. Must not throw: an exception leaves
  /// io_context::run(), and the wait's handler is not called.
  wait_options& on_progress(std::function<void(session_info const&)> f) {
    on_progress_ = std::move(f);
    return *this;
  }
  /// Told of every answer that differs from the one before, with a session or without; of a failure, too, unless it
  /// ends the wait. Where on_progress() is told, and with its rule for exceptions.
  wait_options& on_answer(std::function<void(result<sync_info> const&)> f) {
    on_answer_ = std::move(f);
    return *this;
  }
  /// Of every poll.
  wait_options& call(call_options o) {
    call_ = std::move(o);
    return *this;
  }

  [[nodiscard]] std::chrono::milliseconds deadline() const noexcept { return deadline_; }
  [[nodiscard]] std::chrono::milliseconds interval() const noexcept { return interval_; }
  [[nodiscard]] std::optional<date_time> newer_than() const noexcept { return newer_than_; }
  [[nodiscard]] std::function<void(session_info const&)> const& on_progress() const noexcept { return on_progress_; }
  [[nodiscard]] std::function<void(result<sync_info> const&)> const& on_answer() const noexcept { return on_answer_; }
  [[nodiscard]] call_options const& call() const noexcept { return call_; }

private:
  std::chrono::milliseconds deadline_{3'600'000};
  std::chrono::milliseconds interval_{5'000};
  std::optional<date_time> newer_than_;
  std::function<void(session_info const&)> on_progress_;
  std::function<void(result<sync_info> const&)> on_answer_;
  call_options call_;
};

/// How much of a session's work is done, 0 to 1, whatever the unit of completed_work and total_work is (the API does
/// not say); none where they tell nothing.
[[nodiscard]] std::optional<double> fraction_done(session_info const& s) noexcept;

} // namespace hvc
