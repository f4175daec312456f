// The way of a call: submit, authorize or log in, queue, start, reply or failure, retry, completion.
#include "dispatch/dispatcher.hpp"

#include "error_builder.hpp"

#include <algorithm>
#include <utility>

namespace hvc::dispatch {
namespace {

error make_error(error_kind k, std::string_view reason, stage s) noexcept {
  return error_builder(error(k, reason)).stage(s).build();
}

// The type decides over the status, but a 403 is never cured by a new session.
bool is_unauthenticated(error const& e) {
  if (e.http_status() == 401)
    return true;
  auto const s = e.standard();
  return s != nullptr && e.http_status() != 403 && s->error_type == error_type::unauthenticated;
}

} // namespace

session::scheme scheme_of(authentication a) noexcept {
  switch (a) {
  case authentication::fixed:
  case authentication::request_source:
    return session::scheme::fixed;
  case authentication::login:
  case authentication::login_source:
    return session::scheme::login;
  case authentication::session_source:
    return session::scheme::given;
  }
  return session::scheme::fixed;
}

std::chrono::microseconds dispatcher::elapsed(time_point now, call_state const& c) noexcept {
  return std::chrono::duration_cast<std::chrono::microseconds>(now - c.started);
}

error_builder dispatcher::about(time_point now, call_state const& c, error why) noexcept {
  error_builder b(std::move(why));
  b.attempts(c.attempts).elapsed(elapsed(now, c)).connection_reused(c.reused);
  return b;
}

dispatcher::dispatcher(settings const& s)
    : settings_(s), pool_(s.pool), session_(scheme_of(s.authentication), s.login_cool_down), budget_(s.retry.budget),
      random_(s.seed) {}

call_id dispatcher::make_call(time_point now, call_kind k, call_request const& r) {
  call_id const id = calls_.acquire();
  call_state& c = *calls_.find(id);
  c = call_state{};
  c.kind = k;
  c.idempotent = r.idempotent;
  c.asks = r.asks;
  c.max_attempts = r.max_attempts;
  c.started = now;
  c.deadline = later(now, r.deadline);
  call_deadlines_.set_at_most(id.slot, c.deadline);
  return id;
}

call_id dispatcher::prepare(actions& out) {
  calls_.reserve(3); // with a login for it, and the logout
  call_deadlines_.reserve(calls_.slots());
  awaiting_login_.reserve(calls_.slots());
  pool_.reserve(calls_.slots());
  connection_deadlines_.reserve(pool_.slots());
  if (dials_.size() < pool_.slots())
    dials_.resize(pool_.slots());
  // Of each call: its end, the end of its connection, and the dial that follows; of each connection as much; a logout.
  std::size_t const most = 3 * (calls_.slots() + pool_.slots()) + 4;
  if (out.capacity() < most)
    out.reserve(most + most / 8);
  return calls_.next();
}

time_point dispatcher::first_deadline(time_point now, call_request const& r) const noexcept {
  return later(now, std::min({r.deadline, settings_.deadline, settings_.timeouts.connect, settings_.timeouts.attempt}));
}

call_id dispatcher::submit(time_point now, call_request const& r, actions& out) {
  ++stats_.calls_started;
  call_id const id = make_call(now, call_kind::user, r);
  if (closing_)
    finish(now, id, make_error(error_kind::closed, {}, stage::queue), out);
  else if (r.deadline.count() <= 0)
    finish(now, id, make_error(error_kind::deadline, {}, stage::queue), out);
  else
    proceed(now, id, out);
  return id;
}

void dispatcher::cancel(time_point now, call_id id, bool unless_sent, actions& out) {
  call_state const* c = calls_.find(id);
  if (c == nullptr || (unless_sent && !c->idempotent && c->phase == phase::active))
    return;
  end_early(now, id, error_kind::canceled, out);
}

// One more attempt of a call: what it still needs before it can queue for a connection.
void dispatcher::proceed(time_point now, call_id id, actions& out) {
  call_state& c = *calls_.find(id);
  auto const a = settings_.authentication;
  bool const by_source =
      c.kind == call_kind::user
          ? a == authentication::request_source && c.asks
          : c.kind == call_kind::login && (a == authentication::login_source || a == authentication::session_source);
  if (by_source && !c.authorized) {
    c.phase = phase::authorizing;
    out.push_back({.what = action::type::authorize, .call = id});
    return;
  }
  if (c.kind == call_kind::user)
    return need_login(now, id, out);
  enqueue(now, id, pool::place::front, out);
}

void dispatcher::authorized(time_point now, call_id id, error const* failed, actions& out) {
  call_state* c = calls_.find(id);
  if (c == nullptr || c->phase != phase::authorizing)
    return;
  if (failed != nullptr)
    return finish(now, id, error_builder(*failed).stage(stage::login).build(), out);
  c->authorized = true;
  if (settings_.authentication == authentication::session_source)
    return login_ended(now, nullptr, out);
  proceed(now, id, out);
}

void dispatcher::enqueue(time_point now, call_id id, pool::place p, actions& out) {
  call_state& c = *calls_.find(id);
  c.phase = phase::queued;
  c.admitted = true;
  connection_id given;
  switch (pool_.take(now, id, c.fresh ? pool::where::fresh : pool::where::any, p, given)) {
  case pool::pool::taken::connection:
    return start(now, id, given, out);
  case pool::pool::taken::waits:
    return pump(now, out);
  case pool::pool::taken::full:
    return finish(now, id, make_error(error_kind::pool_full, {}, stage::queue), out);
  }
}

void dispatcher::start(time_point now, call_id id, connection_id connection, actions& out) {
  call_state& c = *calls_.find(id);
  c.phase = phase::active;
  c.connection = connection;
  c.sent = true; // until the connection says otherwise
  c.reused = pool_.find(connection)->reused();
  c.generation = session_.generation(); // stamped now: what queued during a login takes the new session
  ++c.attempts;
  ++c.counted_attempts;
  ++stats_.attempts;
  c.attempt_due = later(now, settings_.timeouts.attempt);
  connection_deadlines_.set_at_most(connection.slot, c.attempt_due);
  out.push_back({.what = action::type::start, .call = id, .connection = connection});
}

void dispatcher::succeeded(time_point now, connection_id connection, call_id id, afterwards a, actions& out) {
  call_state* c = calls_.find(id);
  if (c == nullptr || c->connection != connection || c->phase != phase::active)
    return;
  budget_.succeeded(c->spent);
  release(now, connection, a, out); // first, so that the next request leaves before this one's handler runs
  if (c->kind == call_kind::login)
    return login_ended(now, nullptr, out);
  if (c->kind == call_kind::logout)
    return logout_ended(id, out);
  session_.held(c->generation);
  complete(now, id, out);
}

// A caller's call has what it asked for.
void dispatcher::complete(time_point now, call_id id, actions& out) {
  ++stats_.calls_succeeded;
  tell(now, id, {}, out);
}

void dispatcher::failed(time_point now, connection_id connection, call_id id, error why, afterwards a, actions& out) {
  call_state* c = calls_.find(id);
  if (c == nullptr || c->connection != connection || c->phase != phase::active)
    return;
  c->sent = false; // the server told what became of it
  c->fresh = false;
  release(now, connection, a, out);
  attempt_failed(now, id, std::move(why), !unwanted(id) && (c->idempotent || c->kind == call_kind::login), out);
}

void dispatcher::attempt_failed(time_point now, call_id id, error why, bool may_repeat, actions& out) {
  call_state& c = *calls_.find(id);
  if (c.kind == call_kind::user && is_unauthenticated(why))
    return unauthenticated(now, id, std::move(why), out);
  bool const refused = c.kind == call_kind::login && (why.http_status() == 401 || why.http_status() == 403);
  if (!may_repeat || refused)
    return finish(now, id, std::move(why), out);
  auto const again =
      retry::decide(settings_.retry, why, c.counted_attempts, c.max_attempts, c.deadline - now, random_(), budget_);
  if (!again)
    return finish(now, id, std::move(why), out);
  c.phase = phase::backing_off;
  c.spent = again->cost;
  c.authorized = false; // a source is asked for every request
  c.attempt_due = now + again->delay;
  call_deadlines_.set_at_most(id.slot, c.attempt_due);
  ++stats_.retries;
  out.push_back({.what = action::type::retrying,
                 .delay = again->delay,
                 .call = id,
                 .why = about(now, c, std::move(why)).retryable(true).build()});
}

// RFC 9110, section 15.5.2: once more with other credentials, and no loop.
void dispatcher::unauthenticated(time_point now, call_id id, error why, actions& out) {
  call_state& c = *calls_.find(id);
  if (settings_.authentication == authentication::fixed && c.generation == session_.generation())
    return finish(now, id, std::move(why), out); // there are no others
  if (!c.repeated) {
    c.repeated = true;
    c.authorized = false;
    --c.counted_attempts;
    session_.rejected(now, c.generation);
    return proceed(now, id, out);
  }
  session_.refresh_failed(now, c.generation);
  finish(now, id, error_builder(std::move(why)).kind(error_kind::auth, "refresh_failed").build(), out);
}

void dispatcher::finish(time_point now, call_id id, error why, actions& out, connection_id aborted) {
  call_state& c = *calls_.find(id);
  if (id == login_)
    return login_ended(now, &why, out);
  if (c.kind == call_kind::logout)
    return logout_ended(id, out);
  ++stats_.calls_failed;
  bool const in_doubt = !c.idempotent && c.sent && why.http_status() == 0;
  bool const retryable = !in_doubt && retry::may_succeed_later(why);
  why = about(now, c, std::move(why)).retryable(retryable).may_have_taken_effect(in_doubt).build();
  tell(now, id, std::move(why), out, aborted);
}

// The end of a caller's call.
void dispatcher::tell(time_point now, call_id id, std::optional<error> why, actions& out, connection_id aborted) {
  call_state const& c = *calls_.find(id);
  out.push_back({.what = action::type::complete,
                 .reused = c.reused,
                 .attempts = c.attempts,
                 .elapsed = elapsed(now, c),
                 .call = id,
                 .connection = aborted,
                 .why = std::move(why)});
  calls_.release(id);
  leave_sessions(now, out);
}

// A call that waits for a connection that is being opened stands where that one stands.
hvc::stage dispatcher::waiting_stage() {
  hvc::stage s = stage::queue;
  pool_.for_each([&](connection_id id, pool::connection const& c) {
    if (c.state == pool::state::dialling && s == stage::queue)
      s = dials_[id.slot].stage;
  });
  return s;
}

hvc::stage dispatcher::stage_of(call_state const& c) {
  switch (c.phase) {
  case phase::authorizing:
  case phase::awaiting_login:
    return stage::login;
  case phase::queued:
    return waiting_stage();
  case phase::active:
    return stage::head; // the connection knows better
  case phase::backing_off:
    return stage::back_off;
  case phase::leaving:
    break;
  }
  return stage::queue;
}

std::optional<standing> dispatcher::where(call_id id) {
  call_state const* const c = calls_.find(id);
  if (c == nullptr)
    return std::nullopt;
  return standing{.stage = stage_of(*c),
                  .attempts = c->attempts,
                  .connection = c->phase == phase::active ? c->connection : connection_id()};
}

// Deadline, cancellation and close, at whatever point the call stands.
void dispatcher::end_early(time_point now, call_id id, error_kind k, actions& out) {
  call_state& c = *calls_.find(id);
  connection_id aborted;
  hvc::stage const s = stage_of(c);
  switch (c.phase) {
  case phase::awaiting_login:
    leave_login(id, out);
    break;
  case phase::queued:
    pool_.withdraw(id);
    break;
  case phase::active:
    aborted = c.connection;
    pool_.remove(aborted);
    connection_deadlines_.erase(aborted.slot);
    out.push_back({.what = action::type::abort, .call = id, .connection = aborted});
    break;
  case phase::authorizing:
  case phase::backing_off:
  case phase::leaving:
    break;
  }
  finish(now, id, make_error(k, {}, s), out, aborted);
  pump(now, out);
}

void dispatcher::call_due(time_point now, call_id id, actions& out) {
  call_state const* c = calls_.find(id);
  if (c == nullptr)
    return;
  if (now >= c->deadline)
    return end_early(now, id, error_kind::deadline, out);
  bool const backs_off = c->phase == phase::backing_off;
  if (backs_off && now < c->attempt_due)
    return call_deadlines_.set(id.slot, c->attempt_due);
  call_deadlines_.set(id.slot, c->deadline);
  if (backs_off)
    proceed(now, id, out);
}

void dispatcher::tick(time_point now, actions& out) {
  while (auto slot = call_deadlines_.pop_due(now))
    call_due(now, calls_.at(*slot), out);
  while (auto slot = connection_deadlines_.pop_due(now))
    connection_due(now, pool_.at(*slot), out);
  pump(now, out);
}

time_point dispatcher::next_deadline() const noexcept {
  auto const calls = calls_.size() != 0 ? call_deadlines_.next() : time_point::max(); // else of calls that are over
  return std::min(calls, connection_deadlines_.next());
}

std::optional<call_kind> dispatcher::running(call_id id, connection_id connection) const noexcept {
  call_state const* c = calls_.find(id);
  if (c == nullptr || c->phase != phase::active || c->connection != connection)
    return std::nullopt;
  return c->kind;
}

bool dispatcher::authorizing(call_id id) const noexcept {
  call_state const* c = calls_.find(id);
  return c != nullptr && c->phase == phase::authorizing;
}

client_stats dispatcher::stats() const noexcept {
  client_stats s = stats_;
  s.connecting = pool_.dialling();
  s.idle = pool_.idle();
  s.busy = pool_.total() - pool_.dialling() - pool_.idle();
  s.waiters = pool_.waiting();
  s.retry_budget = budget_.tokens();
  return s;
}

} // namespace hvc::dispatch
