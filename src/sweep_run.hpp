// A sweep under way: asks the client what there is room for, as fast as the bucket lets it, and gives the consumer what
// has come. What to list next, in which order to tell and how fast to go is decided in src/sweep/.
#pragma once

#include "consumer.hpp"
#include "context_end.hpp"
#include "core.hpp"
#include "handler_memory.hpp"
#include "sweep/listing.hpp"
#include "sweep/meter.hpp"
#include "sweep/token_bucket.hpp"
#include "sweep/window.hpp"

#include <hvc/detail/sweeping.hpp>

#include <boost/asio/steady_timer.hpp>

#include <deque>
#include <memory>
#include <mutex>
#include <optional>

namespace hvc::detail {

class sweep_run final : public ends_with_context, public std::enable_shared_from_this<sweep_run> {
public:
  // Without a listing, questions come from next()'s source. Throws std::invalid_argument where an option is impossible.
  sweep_run(client const& c, sweep_options options, std::optional<sweeping::listing> everything,
            std::optional<std::uint64_t> total);

  void next(question_source* from, boost::asio::cancellation_slot slot, next_handler<swept> handler);
  void end_wait(std::uint64_t wait); // with none; on the executor
  void stop();
  void abandon(); // stops, and forgets what had come
  void drop() noexcept override;
  [[nodiscard]] sweep_progress progress();
  [[nodiscard]] boost::asio::any_io_executor const& executor() const noexcept { return executor_; }

private:
  using asking_id = handle<struct asking_tag>;
  using step = sweeping::listing::step;
  // What is asked: a question of the window, or a list.
  struct asking {
    step::type what = step::type::ask;
    sweeping::place_id place{};
    question const* about = nullptr; // of the window, where it stays until its answer
    std::string link{};              // of list_providers, and its number
    std::uint64_t number = 0;
    asking_id id{};
  };
  class answer;

  void pull(question_source& from);
  void admit(question&& q); // with the mutex held
  void pump();
  bool refuse_first();
  void try_again_soon() noexcept;
  std::optional<asking> next_asking();
  void plan(); // with the mutex held
  void ask(asking const& a);
  void answered(asking const& a, outcome& o);
  void take_in(asking const& a, outcome& o);
  void call_ended(asking const& a) noexcept; // with the mutex held
  void count(bool succeeded) noexcept;       // with the mutex held
  void deliver();
  std::optional<swept> take_for(next_handler<swept>& waiter);
  void deliver_later();          // with the mutex held
  void wake_at(time_point when); // with the mutex held
  void on_alarm();
  [[nodiscard]] bool has_room() const noexcept; // the same
  [[nodiscard]] bool ended() const noexcept;    // the same

  boost::asio::any_io_executor const executor_;
  std::shared_ptr<core> const core_; // null: of a client moved from
  sweep_options const options_;
  std::mutex mutex_; // never held while a caller's code runs, or the client's
  sweeping::window window_;
  std::optional<sweeping::listing> listing_;
  std::optional<std::uint64_t> total_;
  sweeping::token_bucket bucket_;
  sweeping::meter meter_;
  std::optional<question> pulled_; // of the source, or
  std::optional<step> planned_;    // of the listing, but not yet admitted: there was no memory
  std::deque<asking> pending_;     // to be asked when there is a token
  slot_map<asking_id, call_id> under_way_;
  unsigned lists_ = 0; // pending or under way; each takes the room of a question
  std::uint64_t done_ = 0;
  std::uint64_t failed_ = 0;
  std::optional<boost::asio::steady_timer> alarm_;
  std::shared_ptr<handler_memory> const alarm_memory_ = std::make_shared<handler_memory>();
  consumer<swept> consumer_;
  bool alarm_set_ = false;
  bool begun_ = false;
  bool exhausted_ = false; // the source
  bool stopped_ = false;
  bool dropped_ = false;
};

} // namespace hvc::detail
