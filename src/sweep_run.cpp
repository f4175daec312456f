#include "sweep_run.hpp"

#include "operations/operation.hpp"

#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/recycling_allocator.hpp>

#include <algorithm>
#include <chrono>
#include <new>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

namespace hvc::detail {
namespace {

using std::chrono::steady_clock;

sweep_options checked(sweep_options o) {
  if (o.concurrency() < 1)
    throw std::invalid_argument("sweep.concurrency: must be at least 1");
  if (!(o.rate() >= 0))
    throw std::invalid_argument("sweep.rate: must not be negative");
  return o;
}

} // namespace

// Of one call: its handler.
class sweep_run::answer {
public:
  using allocator_type = boost::asio::recycling_allocator<void>;
  answer(std::shared_ptr<sweep_run> r, asking a) noexcept : run_(std::move(r)), asking_(std::move(a)) {}
  [[nodiscard]] allocator_type get_allocator() const noexcept { return {}; }
  void operator()(outcome& o) { run_->answered(asking_, o); }

private:
  std::shared_ptr<sweep_run> run_;
  asking asking_;
};

sweep_run::sweep_run(client const& c, sweep_options options, std::optional<sweeping::listing> everything,
                     std::optional<std::uint64_t> total)
    : executor_(c.get_executor()), core_(core_of(c)), options_(checked(std::move(options))),
      window_(options_.concurrency(), options_.in_order()), listing_(std::move(everything)), total_(total),
      bucket_(options_.rate()), alarm_(std::in_place, executor_), exhausted_(listing_.has_value()) {}

void sweep_run::next(question_source* from, boost::asio::cancellation_slot slot, next_handler<swept> handler) {
  {
    std::lock_guard lock(mutex_);
    if (consumer_.waits())
      throw std::logic_error("hvc::sweep::next: the one before is still waiting");
    if (!begun_) {
      wake_at(steady_clock::now()); // for nothing, but later ones use its memory
      meter_.start(steady_clock::now());
      begun_ = true;
    }
  }
  if (from != nullptr)
    pull(*from);
  pump();
  std::lock_guard lock(mutex_);
  if (dropped_)
    return;
  if (window_.ready() || ended())
    deliver_later();
  consumer_.wait(weak_from_this(), std::move(slot), handler);
}

// The caller's range is read here only, by who waits for its results, with no lock held.
void sweep_run::pull(question_source& from) {
  for (;;) {
    {
      std::lock_guard lock(mutex_);
      if (exhausted_ || stopped_ || !has_room())
        return;
      exhausted_ = !pulled_; // unless it gives one more
    }
    try {
      if (!pulled_)
        pulled_ = from.next();
    } catch (std::bad_alloc const&) {
      std::lock_guard lock(mutex_);
      exhausted_ = false;
      throw;
    }
    std::lock_guard lock(mutex_);
    if (!pulled_ || stopped_)
      return;
    exhausted_ = false;
    admit(*std::move(pulled_));
    pulled_.reset();
  }
}

void sweep_run::admit(question&& q) {
  pending_.emplace_back();
  try {
    pending_.back().place = window_.admit(std::move(q));
  } catch (std::bad_alloc const&) {
    pending_.pop_back();
    throw;
  }
}

bool sweep_run::has_room() const noexcept { return window_.size() + lists_ < options_.concurrency(); }

bool sweep_run::ended() const noexcept {
  return stopped_ || (exhausted_ && window_.size() == 0 && (!listing_ || listing_->finished()));
}

void sweep_run::pump() {
  for (;;)
    try {
      while (auto a = next_asking())
        ask(*a);
      return;
    } catch (std::bad_alloc const&) {
      if (!refuse_first())
        return try_again_soon();
    }
}

// Unless an answer under way comes back here.
void sweep_run::try_again_soon() noexcept {
  std::lock_guard lock(mutex_);
  try {
    if (!dropped_ && under_way_.size() == 0)
      wake_at(steady_clock::now() + std::chrono::milliseconds(10));
  } catch (std::bad_alloc const&) { // the next next() tries
  }
}

// There is no memory to ask: that is its answer.
bool sweep_run::refuse_first() {
  asking first;
  {
    std::lock_guard lock(mutex_);
    if (pending_.empty())
      return false;
    first = std::move(pending_.front());
    pending_.pop_front();
  }
  outcome o;
  o.error = error(error_kind::resource, "memory");
  take_in(first, o);
  return true;
}

std::optional<sweep_run::asking> sweep_run::next_asking() {
  std::lock_guard lock(mutex_);
  if (stopped_ || dropped_)
    return std::nullopt;
  if (listing_)
    plan();
  if (pending_.empty())
    return std::nullopt;
  under_way_.reserve(1);
  if (!bucket_.take(steady_clock::now())) {
    wake_at(bucket_.next());
    return std::nullopt;
  }
  asking a = std::move(pending_.front());
  pending_.pop_front();
  a.about = a.what == step::type::ask ? &window_.at(a.place) : nullptr;
  a.id = under_way_.acquire();
  return a;
}

void sweep_run::plan() {
  for (; has_room(); planned_.reset()) {
    if (!planned_)
      planned_ = listing_->next();
    step& s = *planned_;
    switch (s.what) {
    case step::type::wait:
      return planned_.reset();
    case step::type::ask:
      admit(std::move(s.question));
      break;
    case step::type::tell:
      window_.finish(window_.admit(std::move(s.question)), s.why, s.why.elapsed());
      count(false);
      break;
    case step::type::list_links:
    case step::type::list_providers:
      pending_.emplace_back().what = s.what;
      pending_.back().link = std::move(s.question.link);
      pending_.back().number = s.number;
      ++lists_;
    }
  }
}

void sweep_run::ask(asking const& a) {
  auto const start = [&](operation const& op, std::string_view link = {}, std::string_view provider = {}) {
    return start_call(entrance(core_.get(), executor_), op, link, provider, options_.call(), {},
                      reply_handler(answer(shared_from_this(), a)));
  };
  call_id call;
  try {
    call = a.what == step::type::list_links       ? start(list_links)
           : a.what == step::type::list_providers ? start(list_providers, a.link)
                                                  : start(get_provider_sync, a.about->link, a.about->provider);
  } catch (std::bad_alloc const&) {
    outcome o;
    o.error = error(error_kind::resource, "memory");
    return take_in(a, o);
  }
  bool stopped = false;
  {
    std::lock_guard lock(mutex_);
    if (call_id* const known = under_way_.find(a.id))
      *known = call;
    stopped = stopped_;
  }
  if (stopped && core_) // too late for stop() to see it
    core_->cancel(call, false);
}

void sweep_run::answered(asking const& a, outcome& o) {
  take_in(a, o);
  pump();
  deliver();
}

// Decodes where the reply is, before the lock.
void sweep_run::take_in(asking const& a, outcome& o) {
  if (a.what == step::type::list_links) {
    auto links = decode<std::vector<link_summary>>(o);
    std::lock_guard lock(mutex_);
    call_ended(a);
    return listing_->links(std::move(links));
  }
  if (a.what == step::type::list_providers) {
    auto providers = decode<std::vector<provider_summary>>(o);
    std::lock_guard lock(mutex_);
    call_ended(a);
    return listing_->providers(a.number, std::move(providers));
  }
  auto info = decode<sync_info>(o);
  bool const succeeded = info.has_value();
  std::lock_guard lock(mutex_);
  call_ended(a);
  if (window_.finish(a.place, std::move(info), o.elapsed))
    count(succeeded);
}

void sweep_run::call_ended(asking const& a) noexcept {
  under_way_.release(a.id);
  if (a.what != step::type::ask)
    --lists_;
}

void sweep_run::count(bool succeeded) noexcept {
  ++done_;
  failed_ += succeeded ? 0 : 1;
  meter_.one_done(steady_clock::now());
}

// To whoever waits, if there is something to give or nothing will ever be. On the executor, with no lock held.
void sweep_run::deliver() {
  next_handler<swept> waiter;
  auto r = take_for(waiter);
  if (waiter)
    std::move(waiter)(r);
}

std::optional<swept> sweep_run::take_for(next_handler<swept>& waiter) {
  std::lock_guard lock(mutex_);
  if (!consumer_.waits() || !(window_.ready() || ended()))
    return std::nullopt;
  consumer_.release(waiter);
  return window_.take();
}

void sweep_run::deliver_later() {
  boost::asio::post(executor_, [self = shared_from_this()] { self->deliver(); });
}

void sweep_run::wake_at(time_point when) {
  if (alarm_set_)
    return;
  alarm_->expires_at(when);
  alarm_->async_wait(
      boost::asio::bind_allocator(handler_allocator<std::byte>(*alarm_memory_),
                                  [weak = weak_from_this(), memory = alarm_memory_](boost::system::error_code ec) {
                                    if (auto const self = ec ? nullptr : weak.lock())
                                      self->on_alarm();
                                  }));
  alarm_set_ = true;
}

void sweep_run::on_alarm() {
  {
    std::lock_guard lock(mutex_);
    alarm_set_ = false;
  }
  pump();
  deliver();
}

void sweep_run::end_wait(std::uint64_t wait) {
  next_handler<swept> waiter;
  {
    std::lock_guard lock(mutex_);
    consumer_.release(waiter, wait);
  }
  std::optional<swept> none;
  if (waiter)
    std::move(waiter)(none);
}

void sweep_run::stop() {
  auto const self = shared_from_this(); // whoever hears of it on another thread may let the sweep go
  std::vector<call_id> calls;
  {
    std::lock_guard lock(mutex_);
    if (dropped_ || stopped_)
      return;
    calls.reserve(under_way_.size());
    if (consumer_.waits())
      deliver_later(); // should there be no memory, nothing has happened
    stopped_ = true;
    under_way_.for_each([&](asking_id, call_id call) { calls.push_back(call); });
    pending_.clear();
    window_.give_up();
    alarm_->cancel();
  }
  if (core_)
    for (call_id const call : calls)
      core_->cancel(call, false);
}

void sweep_run::abandon() {
  stop();
  std::lock_guard lock(mutex_);
  while (window_.take()) {
  }
}

void sweep_run::drop() noexcept {
  next_handler<swept> waiter; // destroyed last, with no lock held: a coroutine may go with it, and what that owns
  std::optional<boost::asio::steady_timer> alarm;
  std::lock_guard lock(mutex_);
  stopped_ = dropped_ = true;
  consumer_.release(waiter);
  alarm.swap(alarm_);
}

sweep_progress sweep_run::progress() {
  std::lock_guard lock(mutex_);
  auto const now = steady_clock::now();
  sweep_progress p;
  p.done = done_;
  p.failed = failed_;
  p.in_flight = static_cast<unsigned>(under_way_.size());
  p.total = listing_ ? listing_->total() : total_;
  p.rate = meter_.per_second(now);
  p.expected = listing_ ? listing_->expected() : total_;
  if (p.expected)
    p.time_left = meter_.time_left(*p.expected - std::min(*p.expected, done_), now);
  return p;
}

namespace {

std::shared_ptr<sweep_run> registered(std::shared_ptr<sweep_run> r) {
  drop_at_end(r->executor(), r);
  return r;
}

} // namespace

std::shared_ptr<sweep_run> make_sweep(client& c, sweep_options options, std::optional<std::uint64_t> total) {
  return registered(std::make_shared<sweep_run>(c, std::move(options), std::nullopt, total));
}

std::shared_ptr<sweep_run> make_sweep_of_everything(client& c, sweep_options options) {
  sweeping::listing everything(options.in_order(), options.concurrency());
  return registered(std::make_shared<sweep_run>(c, std::move(options), std::move(everything), std::nullopt));
}

boost::asio::any_io_executor const& executor_of(sweep_run const& r) noexcept { return r.executor(); }

void start_next(sweep_run* r, question_source* from, boost::asio::cancellation_slot slot, next_handler<swept> handler) {
  r->next(from, std::move(slot), std::move(handler));
}

void stop(sweep_run& r) { r.stop(); }

void abandon(sweep_run* r) noexcept {
  if (r == nullptr)
    return;
  try {
    r->abandon();
  } catch (std::bad_alloc const&) { // even to say so: then nobody is told
    r->drop();
  }
}

sweep_progress progress_of(sweep_run& r) { return r.progress(); }

} // namespace hvc::detail
