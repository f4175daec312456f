// What connections tell the core: news for the dispatcher, requests to write, replies to look at.
#include "core.hpp"

#include "api/error_reply.hpp"
#include "api/redact.hpp"
#include "error_builder.hpp"
#include "http/field.hpp"
#include "session/authorization.hpp"

#include <boost/container/static_vector.hpp>

#include <algorithm>
#include <new>
#include <utility>

namespace hvc::detail {
namespace {

dispatch::afterwards after(http::reply const& r) noexcept { return {r.reusable, r.keep_alive_timeout}; }

} // namespace

void core::trying_address(connection_id c, unsigned addresses) {
  std::lock_guard lock(mutex_);
  dispatcher_.trying_address(platform_->now(), c, addresses);
  set_alarm(dispatcher_.next_deadline());
}

void core::handshaking(connection_id c) {
  std::lock_guard lock(mutex_);
  dispatcher_.handshaking(platform_->now(), c);
  set_alarm(dispatcher_.next_deadline());
}

void core::dialled(connection_id c, bool resumed, chores& todo) {
  {
    std::lock_guard lock(mutex_);
    dispatcher_.dialled(platform_->now(), c, resumed, decided_);
    collect(todo, c);
  }
  note({.what = chores::note::event::opened, .resumed = resumed}, todo);
}

void core::lost(connection_id c, dispatch::loss l, chores& todo) {
  std::lock_guard lock(mutex_);
  if (!dispatcher_.exists(c))
    return; // given up a moment ago, and told
  note({.what = chores::note::event::closed, .why = l.why}, todo);
  if (c.slot < connections_.size() && connections_[c.slot])
    todo.lost.push_back(std::move(connections_[c.slot]));
  dispatcher_.lost(platform_->now(), c, std::move(l), decided_);
  collect(todo, c);
}

// Only what the dispatcher needs to know is looked at here; the reply itself goes to whoever asked.
void core::replied(connection_id c, call_id call, http::reply reply, chores& todo) {
  auto const a = after(reply);
  if (options_.observer())
    note({.what = chores::note::event::replied,
          .http_status = reply.status,
          .date = http::parse_http_date(reply.text(reply.date), platform_->wall_clock())},
         todo);
  if (reply.status < 200 || reply.status > 299) {
    error why = reply_error(reply);
    std::lock_guard lock(mutex_);
    why = hide(std::move(why), record(call).authorization);
    dispatcher_.failed(platform_->now(), c, call, std::move(why), a, decided_);
    collect(todo, c);
    return;
  }
  std::lock_guard lock(mutex_);
  auto const kind = dispatcher_.running(call, c);
  if (kind == dispatch::call_kind::login)
    return logged_in(c, call, std::move(reply), a, todo);
  dispatcher_.succeeded(platform_->now(), c, call, a, decided_);
  bool const collected = collect(todo, c);
  if (kind != dispatch::call_kind::user)
    return;
  if (!collected)
    return lose_reply(call);
  for (auto& done : todo.completions)
    if (done.call == call)
      done.outcome.reply = std::move(reply);
}

// Of a call that is over, and for which there was no memory to say so: it is told later, and the reply is not kept.
void core::lose_reply(call_id call) noexcept {
  for (auto& a : decided_)
    if (a.what == dispatch::action::type::complete && a.call == call) {
      bool const idempotent = record(call).op->idempotent();
      a.why = error_builder(error(error_kind::resource, "memory"))
                  .stage(stage::body)
                  .retryable(idempotent)
                  .may_have_taken_effect(!idempotent)
                  .attempts(a.attempts)
                  .elapsed(a.elapsed)
                  .connection_reused(a.reused)
                  .build();
    }
}

error core::reply_error(http::reply const& r) const {
  error e = error_from_reply(r.status, r.text(r.content_type), r.text(r.body), {.depth = options_.limits().json_depth});
  auto const wait = http::parse_retry_after(r.text(r.retry_after), platform_->wall_clock());
  return error_builder(std::move(e)).retry_after(wait.value_or(std::chrono::seconds(0))).build();
}

error core::without_secrets(error e, session::secret const& authorization) const noexcept {
  std::lock_guard lock(mutex_);
  return hide(std::move(e), authorization);
}

// What a request told the server, the server may repeat, whatever we are to it by then.
error core::hide(error e, session::secret const& authorization) const noexcept {
  constexpr std::size_t most_parts = 8;
  boost::container::static_vector<std::string_view, 3 + former_secrets::most + 1 + most_parts> secrets;
  for (auto const text : identity_.secrets())
    secrets.push_back(text);
  for (auto const& s : former_.all())
    secrets.push_back(s.text());
  std::string_view value = credentials_in(authorization.text());
  secrets.push_back(value);
  for (auto part = take_quoted(value); part && secrets.size() != secrets.capacity(); part = take_quoted(value))
    secrets.push_back(*part);
  return redacted(std::move(e), secrets);
}

void core::assign_token(std::string_view token) {
  former_.add(identity_.token());
  identity_.assign_token(token);
}

void core::logged_in(connection_id c, call_id call, http::reply reply, dispatch::afterwards a, chores& todo) {
  auto token = session::parse_token(reply.text(reply.body));
  session::cleanse(reply.bytes);
  if (token) {
    assign_token(*token);
    session::cleanse(*token);
    dispatcher_.succeeded(platform_->now(), c, call, a, decided_);
  } else {
    error const none = error_builder(error(error_kind::auth, "no_session"))
                           .stage(stage::login)
                           .http_status(reply.status)
                           .detail({.text = "the server's answer to the login holds no usable session token"})
                           .build();
    dispatcher_.failed(platform_->now(), c, call, none, a, decided_);
  }
  collect(todo, c);
}

bool core::write_request(connection_id c, call_id call, std::string& request) {
  std::lock_guard lock(mutex_);
  auto const kind = dispatcher_.running(call, c);
  if (!kind || dropped_)
    return false;
  if (!buffers_.empty()) {
    request = std::move(buffers_.back());
    buffers_.pop_back();
    request.clear();
  }
  call_record const& r = record(call);
  using dispatch::authentication;
  switch (*kind) {
  case dispatch::call_kind::user:
    head_.write(request, r.op->method, r.target,
                identity_.authentication() == authentication::request_source ? r.authorization.text()
                                                                             : identity_.session_line(),
                r.header_lines);
    break;
  case dispatch::call_kind::login:
    head_.write(request, http::method::post, session_path,
                identity_.authentication() == authentication::login_source ? r.authorization.text()
                                                                           : identity_.basic_line(),
                {});
    break;
  case dispatch::call_kind::logout:
    head_.write(request, http::method::del, session_path, logout_line(call), {});
    break;
  }
  return true;
}

// Of a session that was left, or of the one there is now.
std::string_view core::logout_line(call_id call) const noexcept {
  auto const left = std::find_if(retired_sessions_.begin(), retired_sessions_.end(),
                                 [call](retired_session const& s) { return s.logout == call; });
  return left != retired_sessions_.end() ? std::string_view(left->line.text()) : identity_.session_line();
}

} // namespace hvc::detail
