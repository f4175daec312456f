// What connections tell the core: news for the dispatcher, requests to write, replies to look at.
#include "core.hpp"

#include "api/error_reply.hpp"
#include "api/redact.hpp"
#include "error_builder.hpp"
#include "http/field.hpp"
#include "session/authorization.hpp"

#include <boost/asio/post.hpp>

#include <algorithm>
#include <array>
#include <new>
#include <utility>

namespace hvc::detail {
namespace {

constexpr std::string_view session_path = "/api/session";
constexpr std::string_view session_field = "vmware-api-session-id: ";

// What a user's source has failed with.
error failure_of(std::exception_ptr const& thrown) {
  try {
    if (thrown)
      std::rethrow_exception(thrown);
  } catch (exception const& e) {
    return e.error();
  } catch (...) {
  }
  return error_builder(error(error_kind::auth, "no_session"))
      .detail({.text = thrown ? "the source of the authorization failed"
                              : "the source of the authorization gave none that can be sent"})
      .build();
}

dispatch::afterwards after(http::reply const& r) noexcept { return {r.reusable, r.keep_alive_timeout}; }

// Of a header line: what stands behind its name and, if there is one, its scheme.
std::string_view credentials_in(std::string_view line) noexcept {
  auto const value = line.substr(std::min(line.size(), line.find(": ") + 2));
  auto const scheme = value.find(' ');
  return scheme == std::string_view::npos ? value : value.substr(scheme + 1);
}

} // namespace

void core::resolved(connection_id c, unsigned addresses) {
  std::lock_guard lock(mutex_);
  dispatcher_.resolved(platform_->now(), c, addresses);
  set_alarm();
}

void core::handshaking(connection_id c) {
  std::lock_guard lock(mutex_);
  dispatcher_.handshaking(platform_->now(), c);
  set_alarm();
}

void core::dialled(connection_id c, bool resumed, chores& todo) {
  {
    std::lock_guard lock(mutex_);
    dispatcher_.dialled(platform_->now(), c, resumed, todo.decided);
    collect(todo, c);
  }
  note({.what = chores::note::event::opened, .resumed = resumed}, todo);
}

void core::lost(connection_id c, dispatch::loss l, chores& todo) {
  note({.what = chores::note::event::closed, .why = l.why}, todo);
  std::lock_guard lock(mutex_);
  if (!dispatcher_.exists(c))
    return;
  if (c.slot < connections_.size())
    todo.gone.push_back(std::move(connections_[c.slot]));
  dispatcher_.lost(platform_->now(), c, std::move(l), todo.decided);
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
    dispatcher_.failed(platform_->now(), c, call, std::move(why), a, todo.decided);
    return collect(todo, c);
  }
  std::lock_guard lock(mutex_);
  auto const kind = dispatcher_.running(call, c);
  if (kind == dispatch::call_kind::login)
    return logged_in(c, call, std::move(reply), a, todo);
  dispatcher_.succeeded(platform_->now(), c, call, a, todo.decided);
  collect(todo, c);
  if (kind == dispatch::call_kind::user)
    todo.completions.back().outcome.reply = std::move(reply);
}

error core::reply_error(http::reply const& r) const {
  error e = error_from_reply(r.status, r.text(r.content_type), r.text(r.body), {.depth = options_.limits().json_depth});
  auto const wait = http::parse_retry_after(r.text(r.retry_after), platform_->wall_clock());
  return error_builder(std::move(e)).retry_after(wait.value_or(std::chrono::seconds(0))).build();
}

void core::assign_session(std::string_view token) { session_.assign(std::string(session_field).append(token)); }

std::string_view core::current_token() const noexcept {
  std::string_view const field = session_.text();
  return field.substr(std::min(session_field.size(), field.size()));
}

error core::without_secrets(error e, session::secret const& authorization) const noexcept {
  std::lock_guard lock(mutex_);
  return hide(std::move(e), authorization);
}

// What a request told the server, the server may repeat.
error core::hide(error e, session::secret const& authorization) const noexcept {
  auto const* const login = std::get_if<user_password>(&options_.credentials());
  std::array const secrets{credentials_in(session_.text()), credentials_in(basic_.text()),
                           credentials_in(authorization.text()),
                           login != nullptr ? std::string_view(login->password()) : std::string_view()};
  return redacted(std::move(e), secrets);
}

void core::logged_in(connection_id c, call_id call, http::reply reply, dispatch::afterwards a, chores& todo) {
  auto token = session::parse_token(reply.text(reply.body));
  session::cleanse(reply.bytes);
  if (token) {
    assign_session(*token);
    session::cleanse(*token);
    dispatcher_.succeeded(platform_->now(), c, call, a, todo.decided);
  } else {
    error const none = error_builder(error(error_kind::auth, "no_session"))
                           .stage(stage::login)
                           .http_status(reply.status)
                           .detail({.text = "the server's answer to the login holds no usable session token"})
                           .build();
    dispatcher_.failed(platform_->now(), c, call, none, a, todo.decided);
  }
  collect(todo, c);
}

bool core::write_request(connection_id c, call_id call, std::string& request, std::string& recycled) {
  std::lock_guard lock(mutex_);
  auto const kind = dispatcher_.running(call, c);
  if (!kind || dropped_)
    return false;
  if (!buffers_.empty()) {
    recycled = std::move(buffers_.back());
    buffers_.pop_back();
  }
  call_record const& r = record(call);
  using dispatch::authentication;
  switch (*kind) {
  case dispatch::call_kind::user:
    head_.write(request, r.op->method, r.target,
                authentication_ == authentication::request_source ? r.authorization.text() : session_.text(),
                r.header_lines);
    break;
  case dispatch::call_kind::login:
    head_.write(request, http::method::post, session_path,
                authentication_ == authentication::login_source ? r.authorization.text() : basic_.text(), {});
    break;
  case dispatch::call_kind::logout:
    head_.write(request, http::method::del, session_path, session_.text(), {});
    break;
  }
  return true;
}

// A user's function: never inside the initiating call.
void core::ask_source_later(call_id id, chores& todo) {
  try {
    boost::asio::post(executor_, [self = shared_from_this(), id] { self->ask_source(id); });
  } catch (std::bad_alloc const&) {
    error const why(error_kind::resource, "memory");
    std::lock_guard lock(mutex_);
    dispatcher_.authorized(platform_->now(), id, &why, todo.decided);
    collect(todo);
  }
}

// The user's source of the Authorization header or of the session: asked with no lock held, may answer at once or
// never.
void core::ask_source(call_id id) {
  auto const* by_session = std::get_if<session_source>(&options_.credentials());
  std::string rejected;
  {
    std::lock_guard lock(mutex_);
    if (dropped_ || !dispatcher_.authorizing(id))
      return; // the call is over
    if (by_session != nullptr)
      rejected = current_token();
  }
  auto answer = [weak = weak_from_this(), id](std::exception_ptr failed, std::string value) {
    if (auto const self = weak.lock())
      self->source_answered(id, std::move(failed), std::move(value));
    else
      session::cleanse(value);
  };
  try {
    if (by_session != nullptr)
      by_session->ask()(std::move(rejected), std::move(answer));
    else
      std::get<authorization_source>(options_.credentials()).ask()(std::move(answer));
  } catch (...) {
    source_answered(id, std::current_exception(), {});
  }
}

void core::source_answered(call_id id, std::exception_ptr failed, std::string value) {
  chores todo;
  bool const is_session = authentication_ == dispatch::authentication::session_source;
  bool const usable =
      !failed && (is_session ? session::is_token(value) : !value.empty() && http::is_field_value(value));
  error const none = usable ? error() : failure_of(failed);
  {
    std::lock_guard lock(mutex_);
    if (dropped_ || !dispatcher_.authorizing(id)) {
      session::cleanse(value);
      return; // the call is over, and its record may be another's
    }
    if (usable && is_session)
      assign_session(value);
    else if (usable)
      record(id).authorization.assign("Authorization: " + value);
    dispatcher_.authorized(platform_->now(), id, usable ? nullptr : &none, todo.decided);
    collect(todo);
  }
  session::cleanse(value);
  carry_out(todo, completing::posted);
}

} // namespace hvc::detail
