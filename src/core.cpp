// Calls in, actions carried out, completions out.
#include "core.hpp"

#include "error_builder.hpp"
#include "options_check.hpp"

#include <algorithm>
#include <new>
#include <random>
#include <stdexcept>
#include <utility>

namespace hvc::detail {

using dispatch::action;

namespace {

// Names the call, never points at it: a signal may come at any time, also too late.
class cancellation {
public:
  cancellation(std::weak_ptr<core> c, call_id id) noexcept : core_(std::move(c)), id_(id) {}
  void operator()(boost::asio::cancellation_type type) {
    if (type == boost::asio::cancellation_type::none)
      return;
    using boost::asio::cancellation_type;
    bool const total_only =
        (type & (cancellation_type::terminal | cancellation_type::partial)) == cancellation_type::none;
    if (auto const c = core_.lock())
      c->cancel(id_, total_only);
  }

private:
  std::weak_ptr<core> core_;
  call_id id_;
};

client_options checked(client_options o) {
  check(o);
  return o;
}

std::shared_ptr<tls::context> make_tls(client_options const& o, server_url const& url) {
  auto made = tls::context::make(o.tls(), url.host);
  if (made)
    return *std::move(made);
  error const why = made.error();
  auto const* const detail = error_builder(why).detail(); // whose text begins with the option's name
  throw std::invalid_argument((why.reason() == "server" ? "" : "tls.") +
                              (detail != nullptr ? detail->text : std::string(why.reason())));
}

// A year is for ever, and overflows nothing when it is counted in nanoseconds.
std::chrono::milliseconds bounded(std::chrono::milliseconds d) noexcept {
  return std::min<std::chrono::milliseconds>(d, std::chrono::hours(24 * 365));
}

std::uint64_t seed_of(client_options const& o) {
  return o.seed() ? *o.seed() : std::random_device()() * 0x1'0000'0001ULL;
}

dispatch::settings settings_of(client_options const& o, dispatch::authentication scheme) {
  return {.pool = o.pool(),
          .timeouts = o.timeouts(),
          .retry = o.retry(),
          .deadline = o.deadline(),
          .login_cool_down = o.login_cool_down(),
          .authentication = scheme,
          .seed = seed_of(o)};
}

} // namespace

core::core(boost::asio::any_io_executor executor, client_options options, std::unique_ptr<net::platform> platform)
    : executor_(std::move(executor)), options_(checked(std::move(options))), platform_(std::move(platform)),
      url_(parse_server_url(options_.server())), head_(url_.authority, options_.user_agent()),
      tls_(make_tls(options_, url_)), identity_(options_.credentials()),
      dispatcher_(settings_of(options_, identity_.authentication())) {
  constexpr std::size_t most_buffers = 64;
  buffers_.reserve(most_buffers);
  options_.credentials(no_credentials()); // the identity has them, and only as long as they are of use
}

core::~core() = default;

// All memory that the dispatcher needs for one more call, and that call's record.
call_id core::prepare() {
  call_id const id = dispatcher_.prepare(decided_);
  while (records_.size() < dispatcher_.call_slots())
    records_.emplace_back();
  return id;
}

call_id core::start(operation const& op, std::string_view link, std::string_view provider, call_options const& options,
                    boost::asio::cancellation_slot slot, reply_handler handler) {
  auto const self = shared_from_this(); // the call may end on another thread meanwhile, and whoever awaits it end us
  chores todo{.posted = true};
  call_id id;
  error refused;
  {
    std::unique_lock lock(mutex_);
    if (dropped_)
      return id;
    if (!decided_.empty()) { // memory was out a moment ago: the alarm sees to what was decided, and to its records
      wake_by(platform_->now());
      throw std::bad_alloc();
    }
    id = prepare();
    call_record& c = record(id);
    if (!write_target(op, link, provider, c.target, refused)) { // where it stays: no call costs memory for it
      lock.unlock();
      return refuse(executor_, std::move(refused), std::move(handler));
    }
    dispatch::call_request const r{.deadline = bounded(options.deadline().value_or(options_.deadline())),
                                   .max_attempts = options.attempts().value_or(options_.retry().attempts),
                                   .idempotent = op.idempotent(),
                                   .asks = op.asks()};
    auto const now = platform_->now();
    c.op = &op;
    c.header_lines = options.header_lines();
    if (!closed_) // else the call ends here and now, and leaves the io_context nothing to wait for
      wake_by(dispatcher_.first_deadline(now, r));
    if (slot.is_connected()) // before the mutex is released: the call may be over a moment later, and its slot gone
      slot.emplace<cancellation>(weak_from_this(), id);
    c.handler.swap(handler); // all memory there is to take was taken: there is a call, or bad_alloc has left
    dispatcher_.submit(now, r, decided_);
    collect(todo);
  }
  carry_out(todo);
  return id;
}

void core::cancel(call_id id, bool unless_sent) {
  chores todo{.posted = true};
  {
    std::lock_guard lock(mutex_);
    if (dropped_) // nobody would take what ends here
      return;
    dispatcher_.cancel(platform_->now(), id, unless_sent, decided_);
    collect(todo);
  }
  carry_out(todo);
}

void core::close(close_handler handler) {
  auto const self = shared_from_this(); // as in start()
  chores todo{.posted = true};
  {
    std::lock_guard lock(mutex_);
    if (dropped_)
      return;
    if (handler) {
      wake_by(platform_->now() + std::chrono::seconds(1)); // should there be no memory to tell
      closers_.emplace_back();
      closers_.back().swap(handler);
    }
    todo.closed = closed_;
    dispatcher_.close(platform_->now(), decided_);
    collect(todo);
  }
  carry_out(todo);
}

// There may be no memory at all; even an empty deque takes some.
void core::drop() noexcept {
  std::list<chores::ended> late;
  std::vector<std::shared_ptr<net::connection>> connections;
  std::list<close_handler> closers;
  {
    std::lock_guard lock(mutex_);
    dropped_ = true;
    late.swap(late_);
    connections.swap(connections_);
    closers.swap(closers_);
    platform_->cancel_alarm();
  }
  for (std::size_t slot = 0;; ++slot) {
    reply_handler handler; // released with no lock held
    std::lock_guard lock(mutex_);
    if (slot == records_.size())
      break;
    handler.swap(records_[slot].handler);
  }
  for (auto const& c : connections)
    if (c)
      c->close();
}

std::optional<session_token> core::release_session() {
  std::lock_guard lock(mutex_);
  if (!dispatcher_.release_session())
    return std::nullopt;
  return session_token(std::string(identity_.token()));
}

client_stats core::stats() {
  std::lock_guard lock(mutex_);
  return dispatcher_.stats();
}

// A connection's mutex is taken before ours, never with it held.
std::optional<dispatch::standing> core::where(call_id id) {
  std::optional<dispatch::standing> s;
  std::shared_ptr<net::connection> runs_on;
  {
    std::lock_guard lock(mutex_);
    s = dispatcher_.where(id);
    if (s && s->connection && s->connection.slot < connections_.size())
      runs_on = connections_[s->connection.slot];
  }
  if (runs_on)
    s->stage = runs_on->stage();
  return s;
}

// What the dispatcher decided, made independent of the tables: from here on no lock is needed. Where memory is out it
// stays decided, nothing is half done, and the alarm comes back to it.
bool core::collect(chores& todo, connection_id self) noexcept {
  chores::ended* completions = nullptr;
  try {
    completions = &make_room(todo);
  } catch (std::bad_alloc const&) {
    set_alarm(platform_->now() + std::chrono::milliseconds(10));
    return false;
  }
  for (action& a : decided_) {
    if (a.what == action::type::complete) {
      auto& done = completions->emplace_back();
      end(a, done);
      for (auto const& item : todo.actions)
        if (item.action.what == action::type::abort && a.connection && item.action.connection == a.connection)
          done.aborted = item.connection;
      continue;
    }
    if (a.what == action::type::start && a.connection == self) {
      todo.next_call = a.call;
      continue;
    }
    auto& item = todo.actions.emplace_back();
    item.action = std::move(a);
    connection_id const id = item.action.connection;
    if (!id || id.slot >= connections_.size())
      continue;
    if (item.action.what == action::type::close || item.action.what == action::type::abort)
      item.connection = std::move(connections_[id.slot]);
    else if (item.action.what != action::type::dial)
      item.connection = connections_[id.slot];
  }
  decided_.clear();
  set_alarm(dispatcher_.next_deadline());
  return true;
}

chores::ended& core::make_room(chores& todo) const {
  auto const is_end = [](action const& a) { return a.what == action::type::complete; };
  auto const ends = static_cast<std::size_t>(std::count_if(decided_.begin(), decided_.end(), is_end));
  todo.actions.reserve(todo.actions.size() + decided_.size() - ends);
  if (todo.posted && ends != 0 && todo.later.empty())
    todo.later.emplace_back();
  if (todo.posted && !todo.busy && (ends != 0 || !closers_.empty()))
    todo.busy = keep_busy(executor_);
  auto& completions = todo.later.empty() ? todo.completions : todo.later.front();
  completions.reserve(completions.size() + ends);
  return completions;
}

void core::end(action& a, chores::completion& done) noexcept {
  call_record& c = record(a.call);
  done.call = a.call;
  done.handler.swap(c.handler);
  done.outcome.error = std::move(a.why);
  done.outcome.attempts = a.attempts;
  done.outcome.elapsed = a.elapsed;
  done.outcome.connection_reused = a.reused;
  done.outcome.secrets = this;
  done.outcome.authorization = std::move(c.authorization);
  done.outcome.json_depth = options_.limits().json_depth;
}

void core::set_alarm(time_point when) noexcept {
  try {
    wake_by(when);
  } catch (std::bad_alloc const&) { // the alarm of the call's start still rings, or the next news tries again
  }
}

void core::wake_by(time_point when) {
  if (when >= alarm_)
    return; // it rings early enough; too early costs little and loses nothing
  platform_->wake_at(when, weak_from_this());
  alarm_ = when;
}

void core::on_alarm() {
  chores todo;
  {
    std::lock_guard lock(mutex_);
    alarm_ = time_point::max();
    if (decided_.empty() || collect(todo)) { // of before: nothing piles up
      dispatcher_.tick(platform_->now(), decided_);
      collect(todo);
    }
  }
  try {
    carry_out(todo);
  } catch (...) {
    tell_later();
    throw;
  }
  tell_late();
}

namespace {

// A connection that was aborted in the middle of a call knows how far that had come.
void close_aborted(chores::ended& calls) noexcept {
  for (auto& done : calls)
    if (done.aborted) {
      stage const where = done.aborted->close();
      done.outcome.error = error_builder(*std::move(done.outcome.error)).stage(where).build();
      done.aborted.reset();
    }
}

} // namespace

void core::carry_out(chores& todo) {
  todo.lost.clear();
  close_aborted(todo.completions);
  for (auto& calls : todo.later)
    close_aborted(calls);
  for (std::size_t i = 0; i < todo.actions.size(); ++i) { // a connection that cannot start leaves more to do
    auto item = std::move(todo.actions[i]);
    act(item, todo);
    todo.lost.clear();
  }
  todo.actions.clear();
  if (!todo.notes.empty())
    tell(todo);
  if (!todo.later.empty())
    complete_later(todo.later);
  try {
    complete(todo.completions);
  } catch (...) {
    if (todo.closed)
      finish_close();
    throw;
  }
  if (todo.closed)
    finish_close();
}

void core::act(chores::item& item, chores& todo) {
  action const& a = item.action;
  switch (a.what) {
  case action::type::dial:
    return dial(a.connection, todo);
  case action::type::next_address:
    if (item.connection)
      item.connection->next_address(todo);
    return;
  case action::type::start:
    if (item.connection)
      item.connection->start(a.call, todo);
    return;
  case action::type::probe:
    if (item.connection)
      item.connection->probe(a.call, todo);
    return;
  case action::type::close:
  case action::type::abort:
    if (item.connection)
      item.connection->close();
    return note({.what = chores::note::event::closed, .why = a.why}, todo);
  case action::type::authorize:
    return ask_source_later(a.call, todo);
  case action::type::retrying:
    return note_retry(a, todo);
  case action::type::login_finished:
    return note({.what = chores::note::event::login, .why = a.why}, todo);
  case action::type::closed: // last, when all others have been told
    todo.closed = true;
    return;
  case action::type::complete:
    return; // collect() took it
  }
}

void core::dial(connection_id id, chores& todo) {
  try {
    dial(id);
  } catch (std::bad_alloc const&) {
    lost(id, {.why = error(error_kind::resource, "memory")}, todo);
  }
}

void core::dial(connection_id id) {
  std::shared_ptr<tls::context> tls;
  {
    std::lock_guard lock(mutex_);
    tls = tls_; // where it changes from here on, the connection is no longer wanted below
  }
  auto const c = std::make_shared<net::connection>(id, shared_from_this(), *platform_, std::move(tls),
                                                   http::reply_limits{.head_bytes = options_.limits().head_bytes,
                                                                      .fields = options_.limits().header_fields,
                                                                      .body_bytes = options_.limits().body_bytes});
  {
    std::lock_guard lock(mutex_);
    if (dropped_ || !dispatcher_.exists(id))
      return; // no longer wanted
    if (connections_.size() <= id.slot)
      connections_.resize(id.slot + 1);
    connections_[id.slot] = c;
  }
  c->open(url_.host, url_.port);
}

} // namespace hvc::detail
