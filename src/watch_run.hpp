// A watch under way: polls while somebody waits, and gives what is a change. When, and what is one, is decided in
// src/watch/.
#pragma once

#include "consumer.hpp"
#include "context_end.hpp"
#include "core.hpp"
#include "time_point.hpp"
#include "watch/last_told.hpp"
#include "watch/pace.hpp"

#include <hvc/detail/watching.hpp>

#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

namespace hvc::detail {

class watch_run final : public ends_with_context, public std::enable_shared_from_this<watch_run> {
public:
  // Throws std::invalid_argument where an option is impossible.
  watch_run(client const& c, std::string_view link, std::string_view provider, watch_options options);

  // From then on next() gives none.
  void end_at(time_point when);
  void next(boost::asio::cancellation_slot slot, next_handler<result<sync_info>> handler);
  void end_wait(std::uint64_t wait); // with none; on the executor
  void stop();
  // Of its poll; between two, with stage back_off, of the last one.
  [[nodiscard]] dispatch::standing where();
  void drop() noexcept override;
  [[nodiscard]] boost::asio::any_io_executor const& executor() const noexcept { return executor_; }

private:
  class poll_handler;

  void go_on();
  void poll(std::uint64_t number);
  void answered(outcome& o);
  void take_in(outcome& o);
  void deliver();
  void deliver_later();                              // with the mutex held
  void set_alarm();                                  // the same
  [[nodiscard]] std::uint64_t begin_poll() noexcept; // the same
  [[nodiscard]] bool ready() const noexcept;         // the same

  boost::asio::any_io_executor const executor_;
  std::shared_ptr<core> const core_; // null: of a client moved from
  std::string const link_;
  std::string const provider_;
  watch_options const options_;
  std::mutex mutex_; // never held while a caller's code runs, or the client's
  watching::pace pace_;
  watching::last_told told_;
  std::optional<result<sync_info>> news_; // not yet given
  consumer<result<sync_info>> consumer_;
  std::optional<boost::asio::steady_timer> alarm_;
  time_point due_ = time_point::min(); // of the next poll
  time_point end_ = time_point::max();
  call_id call_{};          // of the poll under way
  std::uint64_t polls_ = 0; // begun
  unsigned attempts_ = 0;   // of the last one
  bool polling_ = false;
  bool stopped_ = false;
  bool dropped_ = false;
};

} // namespace hvc::detail
