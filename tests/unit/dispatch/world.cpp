#include "world.hpp"

#include "error_builder.hpp"

#include <algorithm>

namespace hvc::dispatch::test {

settings small_settings(authentication a) {
  settings s;
  s.pool.max_connections = 2;
  s.deadline = 30s;
  s.login_cool_down = 60s;
  s.authentication = a;
  s.seed = 1;
  return s;
}

settings with_connections(unsigned most) {
  auto s = small_settings();
  s.pool.max_connections = most;
  return s;
}

settings logging_in(unsigned connections) {
  auto s = small_settings(authentication::login);
  s.pool.max_connections = connections;
  return s;
}

error reply_error(int status, std::chrono::seconds retry_after) {
  bool const later = status == 408 || status == 429 || (status >= 502 && status <= 504);
  bool const standard = status == 401 || status == 403;
  return error_builder(error(standard ? error_kind::standard : error_kind::http_status))
      .http_status(status)
      .stage(stage::head)
      .retryable(later)
      .retry_after(retry_after)
      .build();
}

error lost_connection() {
  return error_builder(error(error_kind::connection_lost, "before_headers")).stage(stage::head).build();
}

world::world(settings const& s) : d(s), most_connections_(s.pool.max_connections) {}

void world::check() const {
  auto const s = d.stats();
  if (s.connecting + s.idle + s.busy > most_connections_) // I5
    FAIL("more connections than allowed");
}

void world::heard() {
  for (auto& a : fresh_) {
    if (a.what == action::type::start)
      running_[a.connection.slot] = a.call;
    decided_.push_back(std::move(a));
  }
  fresh_.clear();
  check();
}

call_id world::submit(call_request const& r) {
  call_id const id = d.submit(now, r, fresh_);
  heard();
  return id;
}

call_id world::post() { return submit({.deadline = 30s, .max_attempts = 3, .idempotent = false}); }

void world::cancel(call_id id, bool unless_sent) {
  d.cancel(now, id, unless_sent, fresh_);
  heard();
}

void world::close() {
  d.close(now, fresh_);
  heard();
}

void world::renew_connections() {
  d.renew_connections(now, fresh_);
  heard();
}

call_id world::change_authentication(authentication a) {
  call_id const logout = d.change_authentication(now, a, fresh_);
  heard();
  return logout;
}

void world::authorize(call_id id) {
  d.authorized(now, id, nullptr, fresh_);
  heard();
}

void world::refuse_to_authorize(call_id id) {
  error const none(error_kind::auth, "no_session");
  d.authorized(now, id, &none, fresh_);
  heard();
}

void world::trying_address(connection_id c, unsigned addresses) { d.trying_address(now, c, addresses); }
void world::handshaking(connection_id c) { d.handshaking(now, c); }

void world::dialled(connection_id c, bool resumed) {
  d.dialled(now, c, resumed, fresh_);
  heard();
}

void world::fails_to_dial(connection_id c, error why) { lose(c, {.why = std::move(why)}); }

void world::replies(connection_id c, int status, afterwards a, std::chrono::seconds retry_after) {
  if (status < 300)
    d.succeeded(now, c, on(c), a, fresh_);
  else
    d.failed(now, c, on(c), reply_error(status, retry_after), a, fresh_);
  heard();
}

void world::lose(connection_id c, loss l) {
  d.lost(now, c, std::move(l), fresh_);
  heard();
}

void world::dies(connection_id c) { lose(c, {.why = lost_connection(), .sent = true}); }
void world::dies_unsent(connection_id c) { lose(c, {.why = lost_connection(), .begun = true}); }
void world::dies_without_reply(connection_id c, error why) {
  lose(c, {.why = std::move(why), .begun = true, .sent = true});
}
void world::dies_in_reply(connection_id c) {
  lose(c, {.why = lost_connection(), .begun = true, .sent = true, .reply_started = true});
}

void world::pass(std::chrono::nanoseconds t) {
  auto const end = now + t;
  while (d.next_deadline() <= end) {
    now = std::max(now, d.next_deadline());
    d.tick(now, fresh_);
    heard();
    if (d.next_deadline() <= now && !decided_.empty() && decided_.size() > 100'000)
      FAIL("time stands still");
  }
  now = end;
}

action world::take(action::type t, std::string_view name, auto matches) {
  auto const at =
      std::find_if(decided_.begin(), decided_.end(), [&](action const& a) { return a.what == t && matches(a); });
  if (at == decided_.end())
    FAIL("expected, and not decided: " << name);
  action taken = *at;
  decided_.erase(at);
  return taken;
}

namespace {
constexpr auto any = [](action const&) { return true; };
auto for_connection(connection_id c) {
  return [c](action const& a) { return a.connection == c; };
}
auto for_call(call_id id) {
  return [id](action const& a) { return a.call == id; };
}
} // namespace

connection_id world::expect_dial() { return take(action::type::dial, "dial", any).connection; }
connection_id world::expect_start(call_id id) { return take(action::type::start, "start", for_call(id)).connection; }
connection_id world::expect_start() { return take(action::type::start, "start", any).connection; }
void world::expect_start(call_id id, connection_id c) { CHECK(expect_start(id) == c); }
void world::expect_close(connection_id c) { take(action::type::close, "close", for_connection(c)); }
action world::expect_any_close() { return take(action::type::close, "close", any); }

void world::expect_abort(connection_id c, call_id id) {
  CHECK(take(action::type::abort, "abort", for_connection(c)).call == id);
}

void world::expect_probe(connection_id c) {
  CHECK(take(action::type::probe, "probe", for_connection(c)).call == on(c));
}

void world::expect_next_address(connection_id c) {
  take(action::type::next_address, "next_address", for_connection(c));
}
call_id world::expect_authorize() { return take(action::type::authorize, "authorize", any).call; }

action world::take_retry(call_id id) { return take(action::type::retrying, "retrying", for_call(id)); }

action world::expect_complete(call_id id) { return take(action::type::complete, "complete", for_call(id)); }

void world::expect_success(call_id id) {
  auto const a = expect_complete(id);
  INFO((a.why ? a.why->message() : ""));
  CHECK_FALSE(a.why);
}

error world::expect_failure(call_id id, error_kind k, std::string_view reason) {
  auto const a = expect_complete(id);
  REQUIRE(a.why);
  CHECK(to_string(a.why->kind()) == to_string(k));
  CHECK(a.why->reason() == reason);
  return *a.why;
}

action world::expect_login_finished(bool succeeded) {
  auto const a = take(action::type::login_finished, "login_finished", any);
  CHECK(!a.why == succeeded);
  return a;
}

void world::expect_closed() {
  take(action::type::closed, "closed", any);
  auto const s = stats();
  CHECK(s.connecting + s.idle + s.busy + s.waiters == 0); // I4
  CHECK(d.next_deadline() == time_point::max());
}

void world::expect_nothing() const {
  for (auto const& a : decided_) {
    CAPTURE(static_cast<int>(a.what), a.connection.slot, a.call.slot);
    FAIL_CHECK("decided, and not expected");
  }
}

std::size_t world::count(action::type t) const {
  return static_cast<std::size_t>(
      std::count_if(decided_.begin(), decided_.end(), [&](action const& a) { return a.what == t; }));
}

bool world::decided(action::type t) const { return count(t) != 0; }

connection_id world::expect_start_on_new() {
  auto const c = expect_dial();
  dialled(c);
  CHECK(expect_start() == c);
  return c;
}

connection_id world::expect_start_on_new(call_id id) {
  connection_id const c = expect_dial();
  dialled(c);
  expect_start(id, c);
  return c;
}

connection_id world::running(call_id id) {
  if (decided(action::type::dial))
    dialled(expect_dial());
  return expect_start(id);
}

connection_id world::open() {
  call_id const id = submit();
  connection_id const c = expect_dial();
  cancel(id);
  expect_failure(id, error_kind::canceled);
  dialled(c);
  return c;
}

connection_id world::open_used() {
  connection_id const c = open();
  call_id const id = submit();
  expect_start(id, c);
  replies(c, 200);
  expect_success(id);
  return c;
}

void world::log_in(connection_id c, int status) {
  REQUIRE(d.running(on(c), c) == call_kind::login);
  replies(c, status);
}

connection_id world::open_logged_in() {
  auto const id = submit();
  auto c = expect_dial();
  dialled(c);
  CHECK(expect_start() == c);
  log_in(c);
  expect_login_finished(true);
  c = expect_start(id);
  replies(c, 200);
  expect_success(id);
  expect_nothing();
  return c;
}

} // namespace hvc::dispatch::test
