#include "watch_run.hpp"

#include "operations/operation.hpp"
#include "options_check.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/recycling_allocator.hpp>

#include <algorithm>
#include <new>
#include <random>
#include <stdexcept>
#include <utility>

namespace hvc::detail {
namespace {

using std::chrono::steady_clock;

watch_options checked(watch_options o) {
  if (o.interval())
    require_duration(*o.interval(), "watch.interval");
  return o;
}

} // namespace

// Of one poll: its handler.
class watch_run::poll_handler {
public:
  using allocator_type = boost::asio::recycling_allocator<void>;
  explicit poll_handler(std::shared_ptr<watch_run> r) noexcept : run_(std::move(r)) {}
  [[nodiscard]] allocator_type get_allocator() const noexcept { return {}; }
  void operator()(outcome& o) { run_->answered(o); }

private:
  std::shared_ptr<watch_run> run_;
};

watch_run::watch_run(client const& c, std::string_view link, std::string_view provider, watch_options options)
    : executor_(c.get_executor()), core_(core_of(c)), link_(link), provider_(provider),
      options_(checked(std::move(options))), pace_(options_.interval(), std::random_device()()),
      alarm_(std::in_place, executor_) {}

void watch_run::end_at(time_point when) {
  std::lock_guard lock(mutex_);
  end_ = when;
}

void watch_run::next(boost::asio::cancellation_slot slot, next_handler<result<sync_info>> handler) {
  std::uint64_t due = 0;
  {
    std::lock_guard lock(mutex_);
    if (consumer_.waits())
      throw std::logic_error("hvc::watch::next: the one before is still waiting");
    due = begin_poll();
  }
  if (due != 0)
    poll(due);
  std::lock_guard lock(mutex_);
  if (dropped_)
    return;
  if (ready())
    deliver_later();
  else
    set_alarm();
  consumer_.wait(weak_from_this(), std::move(slot), handler);
}

bool watch_run::ready() const noexcept { return news_ || stopped_ || steady_clock::now() >= end_; }

// The number of the poll whose time has come; 0: it has not.
std::uint64_t watch_run::begin_poll() noexcept {
  if (polling_ || ready() || steady_clock::now() < due_)
    return 0;
  polling_ = true;
  return ++polls_;
}

void watch_run::poll(std::uint64_t number) {
  call_id call;
  try {
    call = start_call(entrance(core_.get(), executor_), get_provider_sync, link_, provider_, options_.call(), {},
                      reply_handler(poll_handler(shared_from_this())));
  } catch (std::bad_alloc const&) {
    outcome o;
    o.error = error(error_kind::resource, "memory");
    return take_in(o);
  }
  bool stopped = false;
  {
    std::lock_guard lock(mutex_);
    if (polling_ && number == polls_) // else the answer came already
      call_ = call;
    stopped = stopped_;
  }
  if (stopped && core_) // too late for stop() to see it
    core_->cancel(call, false);
}

void watch_run::answered(outcome& o) {
  take_in(o);
  go_on();
}

void watch_run::take_in(outcome& o) {
  auto answer = decode<sync_info>(o);
  std::lock_guard lock(mutex_);
  polling_ = false;
  call_ = {};
  attempts_ = o.attempts;
  due_ = steady_clock::now() + pace_.after(answer);
  if (stopped_)
    return;
  try {
    if (told_.differs(answer))
      news_.emplace(std::move(answer));
  } catch (std::bad_alloc const&) { // to remember it
    news_.emplace(error(error_kind::resource, "memory"));
  }
}

// On the executor, with no lock held.
void watch_run::go_on() {
  std::uint64_t due = 0;
  {
    std::lock_guard lock(mutex_);
    if (!consumer_.waits())
      return;
    due = begin_poll();
  }
  if (due != 0)
    poll(due);
  deliver();
}

void watch_run::deliver() {
  next_handler<result<sync_info>> waiter;
  std::optional<result<sync_info>> news;
  {
    std::lock_guard lock(mutex_);
    if (!consumer_.waits() || dropped_)
      return;
    try {
      if (!ready())
        return set_alarm();
    } catch (std::bad_alloc const&) {
      news_.emplace(error(error_kind::resource, "memory"));
    }
    news.swap(news_);
    consumer_.release(waiter);
  }
  std::move(waiter)(news);
}

void watch_run::deliver_later() {
  boost::asio::post(executor_, [self = shared_from_this()] { self->deliver(); });
}

// One at a time: the one before, if it still waits, rings at once, and finds nothing to do.
void watch_run::set_alarm() {
  auto const when = polling_ ? end_ : std::min(due_, end_);
  if (when == time_point::max())
    return;
  alarm_->expires_at(when);
  alarm_->async_wait([weak = weak_from_this()](boost::system::error_code ec) {
    if (auto const self = ec ? nullptr : weak.lock())
      self->go_on();
  });
}

void watch_run::end_wait(std::uint64_t wait) {
  next_handler<result<sync_info>> waiter;
  {
    std::lock_guard lock(mutex_);
    consumer_.release(waiter, wait);
    if (waiter && alarm_)
      alarm_->cancel();
  }
  std::optional<result<sync_info>> none;
  if (waiter)
    std::move(waiter)(none);
}

void watch_run::stop() {
  auto const self = shared_from_this(); // whoever hears of it on another thread may let the watch go
  call_id call;
  {
    std::lock_guard lock(mutex_);
    if (dropped_ || stopped_)
      return;
    if (consumer_.waits())
      deliver_later(); // first: should there be no memory, nothing has happened
    stopped_ = true;
    news_.reset();
    alarm_->cancel();
    call = call_;
  }
  if (core_ && call)
    core_->cancel(call, false);
}

dispatch::standing watch_run::where() {
  dispatch::standing s;
  call_id call;
  {
    std::lock_guard lock(mutex_);
    if (attempts_ != 0)
      s = {.stage = stage::back_off, .attempts = attempts_};
    if (!polling_)
      return s;
    call = call_;
  }
  return core_ ? core_->where(call).value_or(s) : s;
}

void watch_run::drop() noexcept {
  next_handler<result<sync_info>>
      waiter; // destroyed last, with no lock held: a coroutine may go with it, and what that owns
  std::optional<boost::asio::steady_timer> alarm;
  std::lock_guard lock(mutex_);
  stopped_ = dropped_ = true;
  consumer_.release(waiter);
  alarm.swap(alarm_);
}

std::shared_ptr<watch_run> make_watch(client const& c, std::string_view link, std::string_view provider,
                                      watch_options options) {
  auto r = std::make_shared<watch_run>(c, link, provider, std::move(options));
  drop_at_end(r->executor(), r);
  return r;
}

boost::asio::any_io_executor const& executor_of(watch_run const& r) noexcept { return r.executor(); }

void start_next(watch_run* r, boost::asio::cancellation_slot slot, next_handler<result<sync_info>> handler) {
  r->next(std::move(slot), std::move(handler));
}

void stop(watch_run& r) { r.stop(); }

void abandon(watch_run* r) noexcept {
  if (r == nullptr)
    return;
  try {
    r->stop();
  } catch (std::bad_alloc const&) { // even to say so: then nobody is told
    r->drop();
  }
}

} // namespace hvc::detail
