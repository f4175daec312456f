// The border of watch and wait_for_sync: all is compiled but the caller's handler (src/watch_run.cpp,
// src/wait_for_sync.cpp). Not for users: names and meaning may change with every version.
#pragma once

#include <hvc/detail/initiate_next.hpp>
#include <hvc/watch_values.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/cancellation_state.hpp>
#include <boost/asio/cancellation_type.hpp>

#include <memory>
#include <optional>
#include <string_view>
#include <utility>

namespace hvc {

class client;

namespace detail {

class watch_run;
struct sync_wait;

[[nodiscard]] std::shared_ptr<watch_run> make_watch(client const& c, std::string_view link, std::string_view provider,
                                                    watch_options options);
[[nodiscard]] boost::asio::any_io_executor const& executor_of(watch_run const& r) noexcept;
void start_next(watch_run* r, boost::asio::cancellation_slot slot, next_handler<result<sync_info>> handler);
void stop(watch_run& r);
void abandon(watch_run* r) noexcept; // null: moved from

[[nodiscard]] std::shared_ptr<sync_wait> make_wait(client const& c, std::string_view link, std::string_view provider,
                                                   wait_options options);
// Begins its time.
void begin_time(sync_wait& w);
[[nodiscard]] watch_run* watch_of(sync_wait& w) noexcept;
// Tells the functions of the options of an answer, and gives it back if it ends the wait.
[[nodiscard]] std::optional<result<sync_info>> tell(sync_wait& w, result<sync_info> answer);
// The end of a wait that no answer has ended.
[[nodiscard]] result<sync_info> end_without_answer(sync_wait const& w, bool cancelled);

// From one answer to the next, up to the end.
class wait_step {
public:
  explicit wait_step(std::shared_ptr<sync_wait> w) noexcept : wait_(std::move(w)) {}

  template <class Self> void operator()(Self& self) {
    self.reset_cancellation_state(boost::asio::enable_total_cancellation());
    begin_time(*wait_);
    go_on(self);
  }
  template <class Self> void operator()(Self& self, std::optional<result<sync_info>> answer) {
    auto const cancelled = [&self] { return self.cancelled() != boost::asio::cancellation_type::none; };
    std::optional<result<sync_info>> end;
    if (answer)
      end = tell(*wait_, *std::move(answer));
    if (!answer || (!end && cancelled())) // the latter while no next() was waiting to hear it
      end = end_without_answer(*wait_, cancelled());
    if (end) {
      wait_.reset();
      return self.complete(*std::move(end));
    }
    go_on(self);
  }

private:
  template <class Self> void go_on(Self& self) {
    auto* const watch = watch_of(*wait_);
    initiate_next<result<sync_info>>(executor_of(*watch))(std::move(self), watch);
  }

  std::shared_ptr<sync_wait> wait_;
};

} // namespace detail
} // namespace hvc
