// The dispatcher's dealings with the session: one login for all who wait, log-out, and the end of everything.
#include "dispatch/dispatcher.hpp"

#include "error_builder.hpp"

#include <algorithm>
#include <utility>

namespace hvc::dispatch {
namespace {

bool is_answer(error_kind k) noexcept {
  return k == error_kind::standard || k == error_kind::route_unknown || k == error_kind::http_status;
}

// What those who waited for a login are told. A server that could not be reached or trusted is told as such, with the
// stage where that happened.
error login_error(error const& e) {
  error_builder b(e);
  if (is_answer(e.kind()) && (e.http_status() == 401 || e.http_status() == 403))
    return b.kind(error_kind::auth, "login_refused").stage(stage::login).retryable(false).build();
  if (e.stage() == stage::handshake && e.kind() != error_kind::deadline)
    return e; // also where it is protocol(alpn) or limit(certificates)
  switch (e.kind()) {
  case error_kind::standard:
  case error_kind::route_unknown:
  case error_kind::http_status:
  case error_kind::connection_lost:
  case error_kind::attempt_timeout:
  case error_kind::deadline:
  case error_kind::protocol:
  case error_kind::limit:
  case error_kind::content:
  case error_kind::decode:
    return b.kind(error_kind::auth, "no_session").stage(stage::login).retryable(retry::may_succeed_later(e)).build();
  default:
    return b.build();
  }
}

} // namespace

void dispatcher::need_login(time_point now, call_id id, actions& out) {
  call_state& c = *calls_.find(id);
  bool begins = false;
  switch (session_.need(now)) {
  case session::answer::ready:
    if (!c.asks)
      return complete(now, id, out);
    return enqueue(now, id, c.admitted ? pool::place::back : pool::place::back_if_room, out);
  case session::answer::refuse:
    return finish(now, id, error_builder(session_.refusal()).stage(stage::login).build(), out);
  case session::answer::wait:
    if (unwanted(login_))
      prolong_login(now);
    else if (!c.admitted && waiting_calls() >= settings_.pool.max_waiters)
      return finish(now, id, error_builder(error(error_kind::pool_full)).stage(stage::login).build(), out);
    break;
  case session::answer::login:
    login_ = make_call(now, call_kind::login,
                       {.deadline = login_deadline(), .max_attempts = settings_.retry.attempts, .idempotent = false});
    begins = true;
    break;
  }
  c.phase = phase::awaiting_login;
  c.admitted = true;
  awaiting_login_.push_back(id);
  if (begins)
    proceed(now, login_, out);
}

// Calls may have less time than a login takes: then the next one finds its session.
std::chrono::milliseconds dispatcher::login_deadline() const noexcept {
  return std::max(settings_.deadline, settings_.timeouts.attempt);
}

// One that nobody waited for has, for who does now, as much time and as many attempts as a new one.
void dispatcher::prolong_login(time_point now) noexcept {
  call_state& login = *calls_.find(login_);
  login.deadline = std::max(login.deadline, later(now, login_deadline()));
  login.max_attempts = login.counted_attempts + settings_.retry.attempts - 1;
}

// Callers' calls that wait for the login or a connection: the login itself, if it waits, is not counted.
unsigned dispatcher::waiting_calls() const noexcept {
  call_state const* login = calls_.find(login_);
  unsigned const own = login != nullptr && login->phase == phase::queued ? 1 : 0;
  return awaiting_login_.size() + pool_.waiting() - own;
}

// Succeeded, or `failed`: everybody who waits for it goes on, or ends.
void dispatcher::login_ended(time_point now, error const* failed, actions& out) {
  call_state const& login = *calls_.find(login_);
  std::optional<error> why;
  if (failed != nullptr)
    why = about(now, login, login_error(*failed)).build();
  calls_.release(login_);
  login_ = {};
  if (why)
    session_.login_failed(now, *why);
  else
    session_.logged_in();
  if (settings_.authentication != authentication::session_source) { // else somebody else logs in, or did
    stats_.logins += why ? 0 : 1;
    out.push_back({.what = action::type::login_finished, .why = why});
  }
  if (closing_)
    return log_out(now, out);
  // Who goes on may wait for the next login.
  for (unsigned left = awaiting_login_.size(); left != 0 && !awaiting_login_.empty(); --left) {
    call_id const id = awaiting_login_.pop_front();
    if (why)
      finish(now, id, *why, out);
    else
      proceed(now, id, out);
  }
}

// A waiter for the login ends. When nobody is left, a login that was not sent is dropped, and the next call starts
// anew. One that was goes on: a session the server may have made is for the next call, or for close() to log out of.
void dispatcher::leave_login(call_id id, actions& out) {
  awaiting_login_.remove(id);
  if (unwanted(login_) && calls_.find(login_)->phase != phase::active)
    drop_login(out);
}

// A login nobody waits for.
bool dispatcher::unwanted(call_id id) const noexcept { return is_login(id) && awaiting_login_.empty(); }

void dispatcher::drop_login(actions& out) {
  if (!login_)
    return;
  call_state const login = *calls_.find(login_);
  if (login.phase == phase::active) {
    pool_.remove(login.connection);
    connection_deadlines_.erase(login.connection.slot);
    out.push_back({.what = action::type::abort, .call = login_, .connection = login.connection});
  }
  pool_.withdraw(login_);
  calls_.release(login_);
  login_ = {};
  session_.login_abandoned();
}

void dispatcher::logout_ended(call_id id, actions& out) {
  calls_.release(id);
  --logouts_;
  if (closing_ && !login_ && logouts_ == 0)
    finish_close(out);
}

void dispatcher::close(time_point now, actions& out) {
  if (closing_)
    return;
  closing_ = true;
  calls_.for_each([&](call_id id, call_state const& c) {
    if (c.kind == call_kind::user)
      end_early(now, id, error_kind::closed, out);
  });
  close_by_ = now + settings_.timeouts.logout;
  if (!login_)
    return log_out(now, out);
  call_state& login = *calls_.find(login_); // was sent, and so has its share of that time
  login.deadline = std::min(login.deadline, close_by_);
  call_deadlines_.set_at_most(login_.slot, login.deadline);
}

// The end of a close, once no login is under way.
void dispatcher::log_out(time_point now, actions& out) {
  if (session_.owned()) {
    ++logouts_;
    call_id const logout = make_call(now, call_kind::logout,
                                     {.deadline = std::chrono::ceil<std::chrono::milliseconds>(close_by_ - now),
                                      .max_attempts = 1,
                                      .idempotent = false});
    enqueue(now, logout, pool::place::front, out);
  }
  if (logouts_ == 0)
    finish_close(out);
}

void dispatcher::finish_close(actions& out) {
  if (closed_)
    return;
  closed_ = true;
  pool_.for_each([&](connection_id id, pool::connection const&) { close_connection(id, out); });
  out.push_back({.what = action::type::closed});
}

} // namespace hvc::dispatch
