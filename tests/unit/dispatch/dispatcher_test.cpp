// The way of a call.
#include "world.hpp"

#include "error_builder.hpp"

using namespace hvc;
using namespace hvc::dispatch;
using namespace hvc::dispatch::test;

TEST_CASE("a first call opens a connection, is sent and answered; the second takes the same connection") {
  world w;
  auto const first = w.submit();
  auto const c = w.expect_start_on_new(first);
  w.now += 5ms;
  w.replies(c, 200);
  auto const done = w.expect_complete(first);
  CHECK(done.succeeded);
  CHECK(done.attempts == 1);
  CHECK(done.elapsed == 5ms);
  CHECK_FALSE(done.reused);
  auto const second = w.submit();
  w.expect_start(second, c);
  w.replies(c, 200);
  CHECK(w.expect_complete(second).reused);
  w.expect_nothing();
  auto const s = w.stats();
  CHECK(s.calls_started == 2);
  CHECK(s.calls_succeeded == 2);
  CHECK(s.attempts == 2);
  CHECK(s.connections_opened == 1);
  CHECK(s.idle == 1);
  CHECK(s.busy == 0);
}

TEST_CASE("the next request leaves before the handler of the answered one runs") {
  auto s = small_settings();
  s.pool.max_connections = 1;
  world w(s);
  auto const first = w.submit();
  auto const second = w.submit();
  auto const c = w.running(first);
  actions decided;
  w.d.succeeded(w.now, c, first, keep, decided);
  REQUIRE(decided.size() == 2);
  CHECK(decided[0].what == action::type::start);
  CHECK(decided[0].call == second);
  CHECK(decided[1].what == action::type::complete);
  CHECK(decided[1].call == first);
}

TEST_CASE("R1 a 503 is retried after a back-off, and the call succeeds") {
  world w;
  auto const id = w.submit();
  auto const c = w.running(id);
  w.replies(c, 503);
  auto const delay = w.expect_retry(id);
  CHECK(delay <= 1s);
  w.expect_nothing();
  w.pass(delay - 1ns);
  w.expect_nothing();
  w.pass(1ns);
  w.expect_start(id, c);
  w.replies(c, 200);
  auto const done = w.expect_complete(id);
  CHECK(done.succeeded);
  CHECK(done.attempts == 2);
  w.expect_nothing();
  CHECK(w.stats().retries == 1);
  CHECK(w.stats().retry_budget == 500); // refunded
}

TEST_CASE("R2 Retry-After is waited out") {
  world w;
  auto const id = w.submit();
  w.replies(w.running(id), 503, keep, 2s);
  auto const delay = w.expect_retry(id);
  CHECK(delay >= 2s);
  CHECK(delay <= 2'400ms);
}

TEST_CASE("R4 a Retry-After beyond the deadline ends the call at once, with what the server asked for") {
  world w;
  auto const id = w.submit({.deadline = 5s, .max_attempts = 3});
  w.replies(w.running(id), 503, keep, 6s);
  auto const e = w.expect_failure(id, error_kind::http_status);
  CHECK(e.retry_after() == 6s);
  CHECK(e.retryable());
  w.expect_nothing();
}

TEST_CASE("R7 a 404 ends the call after one attempt") {
  world w;
  auto const id = w.submit();
  w.replies(w.running(id), 404);
  auto const e = w.expect_failure(id, error_kind::http_status);
  CHECK(e.attempts() == 1);
  CHECK_FALSE(e.retryable());
  w.expect_nothing();
  CHECK(w.stats().idle == 1);
}

TEST_CASE("R8 when the attempts are used up the last error ends the call") {
  world w;
  auto const id = w.submit();
  auto c = w.running(id);
  for (int status : {502, 504}) {
    w.replies(c, status);
    w.pass(w.expect_retry(id));
    c = w.expect_start(id);
  }
  w.replies(c, 503);
  auto const e = w.expect_failure(id, error_kind::http_status);
  CHECK(e.http_status() == 503);
  CHECK(e.attempts() == 3);
  w.expect_nothing();
}

TEST_CASE("R9 where the back-off would not end before the deadline the call ends now, with the real cause") {
  world w;
  auto const id = w.submit({.deadline = 1s, .max_attempts = 3});
  auto const c = w.running(id);
  w.pass(999ms);
  for (int i = 0; i < 20 && !w.decided(action::type::complete); ++i) { // a back-off of 0 or 1 ms is possible
    w.replies(c, 502);
    if (w.decided(action::type::retrying)) {
      w.pass(w.expect_retry(id));
      w.expect_start(id);
    }
  }
  CHECK(w.expect_failure(id, error_kind::http_status).http_status() == 502);
}

TEST_CASE("R11 a deadline in the past ends a call with no I/O") {
  for (auto const deadline : {0ms, -1ms, std::chrono::milliseconds::min()}) {
    world w;
    auto const id = w.submit({.deadline = deadline, .max_attempts = 3});
    auto const e = w.expect_failure(id, error_kind::deadline);
    CHECK(e.attempts() == 0);
    CHECK(e.stage() == stage::queue);
    w.expect_nothing();
    CHECK(w.d.next_deadline() == time_point::max());
  }
}

TEST_CASE("R11 a call ends at its own deadline, whatever that of the call before it was") {
  for (auto const& [before, own] : {std::pair(1s, 10s), std::pair(10s, 1s)}) {
    world w;
    auto const c = w.open();
    auto const first = w.submit({.deadline = before, .max_attempts = 3});
    w.expect_start(first, c);
    w.replies(c, 200);
    w.expect_success(first);
    auto const second = w.submit({.deadline = own, .max_attempts = 3});
    w.expect_start(second, c);
    REQUIRE(second.slot == first.slot);
    CHECK(w.d.next_deadline() <= w.now + own);
    w.pass(own - 1ms);
    CHECK_FALSE(w.decided(action::type::complete));
    w.pass(1ms);
    w.expect_failure(second, error_kind::deadline);
  }
}

TEST_CASE("L13 the deadline of a call that is over wakes nobody") {
  world w;
  auto const id = w.submit();
  auto const c = w.expect_dial();
  w.cancel(id);
  w.expect_failure(id, error_kind::canceled);
  w.fails_to_dial(c);
  CHECK(w.d.next_deadline() == time_point::max());
}

TEST_CASE("R11 the longest deadline overflows nothing and never comes") {
  for (auto const deadline : {std::chrono::milliseconds::max(), std::chrono::milliseconds(9'223'372'036'854)}) {
    world w;
    auto const id = w.submit({.deadline = deadline, .max_attempts = 3});
    auto const c = w.running(id);
    w.replies(c, 503);
    w.pass(w.expect_retry(id));
    w.expect_start(id, c);
    w.pass(1h);
    CHECK_FALSE(w.decided(action::type::complete));
    w.replies(c, 200);
    w.expect_success(id);
  }
}

namespace {

// Brings a call to a point on its way.
enum class point {
  queued,
  resolving,
  connecting,
  shaking_hands,
  sent,
  backing_off,
  authorizing,
  logging_in,
  login_sent
};
constexpr point points[] = {point::queued,        point::resolving,  point::connecting,
                            point::shaking_hands, point::sent,       point::backing_off,
                            point::authorizing,   point::logging_in, point::login_sent};

stage stage_of(point p) {
  switch (p) {
  case point::queued:
    return stage::queue;
  case point::resolving:
    return stage::resolve;
  case point::connecting:
    return stage::connect;
  case point::shaking_hands:
    return stage::handshake;
  case point::sent:
    return stage::head;
  case point::backing_off:
    return stage::back_off;
  case point::authorizing:
  case point::logging_in:
  case point::login_sent:
    return stage::login;
  }
  return stage::decode;
}

settings settings_for(point p) {
  auto s = small_settings(p == point::authorizing                            ? authentication::request_source
                          : p == point::logging_in || p == point::login_sent ? authentication::login
                                                                             : authentication::fixed);
  s.pool.max_connections = 1;
  s.timeouts.attempt = s.timeouts.handshake = s.timeouts.connect = 60s;
  s.deadline = 60s;
  return s;
}

struct arrival {
  call_id call;
  connection_id connection;
};

arrival bring(world& w, point p) {
  arrival a;
  if (p == point::queued)
    a.connection = w.running(w.submit({.deadline = 1h, .max_attempts = 1}));
  a.call = w.submit({.deadline = 20s, .max_attempts = 3});
  switch (p) {
  case point::queued:
    break;
  case point::authorizing:
    CHECK(w.expect_authorize() == a.call);
    break;
  case point::resolving:
  case point::logging_in:
    a.connection = w.expect_dial();
    break;
  case point::connecting:
    w.trying_address(a.connection = w.expect_dial(), 1);
    break;
  case point::shaking_hands:
    w.trying_address(a.connection = w.expect_dial(), 1);
    w.handshaking(a.connection);
    break;
  case point::sent:
    a.connection = w.running(a.call);
    break;
  case point::login_sent:
    w.dialled(w.expect_dial());
    a.connection = w.expect_start();
    break;
  case point::backing_off:
    a.connection = w.running(a.call);
    w.replies(a.connection, 503, keep, 10s);
    w.expect_retry(a.call);
    break;
  }
  w.expect_nothing();
  return a;
}

// The call is over, whatever ended it: nothing of it is left, and its connection serves the next call or is gone.
void check_aftermath(world& w, point p, arrival const& a) {
  if (p == point::sent)
    w.expect_abort(a.connection, a.call);
  if (p == point::login_sent)
    w.expect_abort(a.connection, w.on(a.connection));
  w.expect_nothing();
  CHECK(w.stats().waiters == 0);
  if (p == point::queued) {
    w.replies(a.connection, 200);
    w.expect_success(w.on(a.connection));
    w.expect_nothing();
  }
}

} // namespace

TEST_CASE("R10 a deadline ends a call at its time, wherever the call stands, and says where") {
  for (auto const p : points) {
    if (p == point::backing_off)
      continue; // R9: ends before the deadline
    CAPTURE(static_cast<int>(p));
    world w(settings_for(p));
    auto const begin = w.now;
    auto const a = bring(w, p);
    w.pass(begin + 20s - 1ns - w.now);
    w.expect_nothing();
    w.pass(1ns);
    auto const done = w.expect_complete(a.call);
    CHECK(done.why.kind() == error_kind::deadline);
    CHECK(done.why.stage() == stage_of(p));
    CHECK(done.why.elapsed() == 20s);
    CHECK(done.why.retryable());
    CHECK(static_cast<bool>(done.connection) == (p == point::sent)); // it knows the stage better
    check_aftermath(w, p, a);
  }
}

TEST_CASE("R10 an alarm so late that back-off and deadline are both over ends the call where it stood") {
  world w(settings_for(point::backing_off));
  auto const a = bring(w, point::backing_off);
  w.now += 20s;
  w.pass(0ns);
  CHECK(w.expect_failure(a.call, error_kind::deadline).stage() == stage::back_off);
  w.expect_nothing();
}

TEST_CASE("L2 R14 P13 a cancelled call ends once and at once, wherever it stands") {
  for (auto const p : points) {
    CAPTURE(static_cast<int>(p));
    world w(settings_for(p));
    auto const a = bring(w, p);
    w.cancel(a.call);
    auto const e = w.expect_failure(a.call, error_kind::canceled);
    CHECK(e.stage() == stage_of(p));
    CHECK_FALSE(e.retryable());
    check_aftermath(w, p, a);
    w.cancel(a.call);
    w.expect_nothing();
    w.pass(2h);
    for (auto t : {action::type::complete, action::type::start, action::type::retrying})
      CHECK_FALSE(w.decided(t));
  }
}

TEST_CASE("L2 total cancellation spares a call that changes something once a byte may have left") {
  world w;
  auto const sent = w.post();
  auto const c = w.running(sent);
  w.cancel(sent, true);
  w.expect_nothing();
  w.replies(c, 200);
  w.expect_success(sent);

  auto const first = w.submit(), second = w.submit();
  w.expect_start(first);
  w.running(second);
  auto const queued = w.post();
  w.cancel(queued, true);
  CHECK_FALSE(w.expect_failure(queued, error_kind::canceled).may_have_taken_effect());
  w.cancel(first, true); // only reads
  w.expect_failure(first, error_kind::canceled);
}

TEST_CASE("L4 news of a call that has ended changes nothing") {
  world w;
  auto const id = w.submit();
  auto const c = w.running(id);
  w.cancel(id);
  w.expect_failure(id, error_kind::canceled);
  w.expect_abort(c, id);
  w.replies(c, 200);
  w.replies(c, 503);
  w.dies_without_reply(c);
  w.dialled(c);
  w.authorize(id);
  w.expect_nothing();
  auto const next = w.submit();
  CHECK(next.slot == id.slot); // lives where the old one lived
  w.cancel(id);
  w.expect_dial();
  w.expect_nothing();
}

TEST_CASE("P15 a call cancelled in the middle of its exchange makes way for the next waiter at once") {
  auto s = small_settings();
  s.pool.max_connections = 1;
  world w(s);
  auto const first = w.submit(), second = w.submit();
  auto const c = w.running(first);
  w.cancel(first);
  w.expect_failure(first, error_kind::canceled);
  w.expect_abort(c, first);
  w.dialled(w.expect_dial());
  w.expect_start(second);
  w.expect_nothing();
}

TEST_CASE("P11 one waiter too many ends with pool_full at once; who was let in is not refused later") {
  auto s = small_settings();
  s.pool.max_connections = 1;
  s.pool.max_waiters = 1;
  world w(s);
  auto const first = w.submit();
  auto const c = w.running(first);
  auto const second = w.submit(), third = w.submit();
  auto const e = w.expect_failure(third, error_kind::pool_full);
  CHECK(e.stage() == stage::queue);
  CHECK(e.retryable());
  w.replies(c, 503);
  w.expect_start(second, c);
  auto const fourth = w.submit();
  w.pass(w.expect_retry(first));
  w.expect_nothing(); // `first` waits as well, although `fourth` fills the queue
  w.replies(c, 200);
  w.expect_success(second);
  w.expect_start(fourth, c);
  w.replies(c, 200);
  w.expect_success(fourth);
  w.expect_start(first, c);
}

TEST_CASE("a call that changes something is sent once, whatever happens after its first byte left") {
  auto const lost = [](error const& e) {
    CHECK(e.kind() == error_kind::connection_lost);
    CHECK(e.may_have_taken_effect());
    CHECK_FALSE(e.retryable());
  };
  SECTION("the connection dies without a reply") {
    world w;
    auto const c = w.open_used();
    auto const id = w.post();
    w.expect_start(id, c);
    w.dies_without_reply(c);
    lost(w.expect_complete(id).why);
    w.expect_nothing();
  }
  SECTION("the connection dies in the reply") {
    world w;
    auto const id = w.post();
    w.dies_in_reply(w.running(id));
    lost(w.expect_complete(id).why);
    w.expect_nothing();
  }
  SECTION("no reply comes in time") {
    world w;
    auto const id = w.post();
    auto const c = w.running(id);
    w.pass(10s);
    w.expect_probe(c);
    w.dies_without_reply(c, error(error_kind::attempt_timeout));
    auto const e = w.expect_failure(id, error_kind::attempt_timeout);
    CHECK(e.may_have_taken_effect());
    w.expect_nothing();
  }
  SECTION("the server says 503: it told what became of it") {
    world w;
    auto const id = w.post();
    w.replies(w.running(id), 503);
    auto const e = w.expect_failure(id, error_kind::http_status);
    CHECK_FALSE(e.may_have_taken_effect());
    CHECK(e.retryable());
    w.expect_nothing();
  }
  SECTION("the deadline passes") {
    world w;
    auto const id = w.post();
    auto const c = w.running(id);
    w.pass(30s);
    w.expect_probe(c);
    CHECK(w.expect_failure(id, error_kind::deadline).may_have_taken_effect());
    w.expect_abort(c, id);
  }
}

TEST_CASE("a call that changes something is tried again as long as no byte has left") {
  world w;
  auto const used = w.open_used();
  auto const id = w.post();
  w.expect_start(id, used);
  w.dies_unsent(used);
  auto const fresh = w.expect_dial();
  w.fails_to_dial(fresh);
  w.pass(w.expect_retry(id));
  w.dialled(w.expect_dial());
  auto const c = w.expect_start(id);
  w.dies_unsent(c); // fresh: by policy
  w.cancel(id);
  w.expect_retry(id);
  auto const e = w.expect_failure(id, error_kind::canceled);
  CHECK_FALSE(e.may_have_taken_effect());
  CHECK(e.attempts() == 3);
}

TEST_CASE("a 401 tells what became of a request, so that its call is in no doubt afterwards") {
  world w(small_settings(authentication::request_source));
  auto const id = w.post();
  w.authorize(w.expect_authorize());
  w.replies(w.running(id), 401);
  CHECK(w.expect_authorize() == id);
  w.cancel(id);
  CHECK_FALSE(w.expect_failure(id, error_kind::canceled).may_have_taken_effect());
}

TEST_CASE("S14 a source is asked for every attempt, may fail, may never answer, may answer too late") {
  world w(small_settings(authentication::request_source));
  auto const id = w.submit();
  CHECK(w.expect_authorize() == id);
  w.expect_nothing();
  w.authorize(id);
  auto const c = w.running(id);
  w.authorize(id); // twice
  w.expect_nothing();
  w.replies(c, 503);
  w.pass(w.expect_retry(id));
  CHECK(w.expect_authorize() == id);
  w.refuse_to_authorize(id);
  auto const e = w.expect_failure(id, error_kind::auth, "no_session");
  CHECK(e.stage() == stage::login);
  auto const never = w.submit({.deadline = 1s, .max_attempts = 3});
  CHECK(w.expect_authorize() == never);
  w.pass(1s);
  w.expect_failure(never, error_kind::deadline);
  w.authorize(never);
  w.refuse_to_authorize(never);
  w.expect_nothing();
}

TEST_CASE("S6 a source whose second answer is refused as well ends the call, and the next call is asked for anew") {
  world w(small_settings(authentication::request_source));
  auto const id = w.submit();
  w.authorize(w.expect_authorize());
  auto const c = w.running(id);
  w.replies(c, 401);
  w.authorize(w.expect_authorize());
  w.expect_start(id, c);
  w.replies(c, 401);
  auto const e = w.expect_failure(id, error_kind::auth, "refresh_failed");
  CHECK(e.http_status() == 401);
  CHECK(e.attempts() == 2);
  w.expect_nothing();
  w.submit();
  w.expect_authorize();
}

TEST_CASE("a 401 on a ready-made token is a standard error, without a login") {
  world w;
  auto const id = w.submit();
  w.replies(w.running(id), 401);
  w.expect_failure(id, error_kind::standard);
  w.expect_nothing();
}

TEST_CASE("R12 while the server is down the budget bounds the retries, and successes earn them back") {
  auto s = small_settings();
  s.pool.max_connections = 1;
  world w(s);
  for (int i = 0; i < 1'000; ++i) {
    auto const id = w.submit({.deadline = 1h, .max_attempts = 3});
    while (!w.decided(action::type::complete)) {
      w.fails_to_dial(w.expect_dial());
      if (w.decided(action::type::retrying))
        w.pass(w.expect_retry(id));
    }
    w.expect_failure(id, error_kind::connect);
  }
  CHECK(w.stats().retries == 500 / 14);
  for (int i = 0; i < 14; ++i) {
    auto const id = w.submit();
    w.replies(w.running(id), 200);
    w.expect_success(id);
  }
  w.dies_in_reply(w.running(w.submit()));
  CHECK(w.stats().retries == 500 / 14 + 1);
}
