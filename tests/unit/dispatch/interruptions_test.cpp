// Deadlines and cancellation, wherever a call stands.
#include "world.hpp"

using namespace hvc;
using namespace hvc::dispatch;
using namespace hvc::dispatch::test;

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

// The call is over, whatever ended it: nothing of it is left, and its connection serves the next call or is gone. A
// login that was sent goes on.
void check_aftermath(world& w, point p, arrival const& a) {
  if (p == point::sent)
    w.expect_abort(a.connection, a.call);
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
    CHECK(done.why->kind() == error_kind::deadline);
    CHECK(done.why->stage() == stage_of(p));
    CHECK(done.why->elapsed() == 20s);
    CHECK(done.why->retryable());
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

TEST_CASE("who asks where a call stands hears what its end would tell there, and nothing of one that is over") {
  for (auto const p : points) {
    CAPTURE(static_cast<int>(p));
    world w(settings_for(p));
    auto const a = bring(w, p);
    auto const stands = w.d.where(a.call);
    REQUIRE(stands);
    w.cancel(a.call);
    auto const e = w.expect_failure(a.call, error_kind::canceled);
    CHECK(stands->stage == e.stage());
    CHECK(stands->attempts == e.attempts());
    CHECK(static_cast<bool>(stands->connection) == (p == point::sent)); // it knows the stage better
    CHECK_FALSE(w.d.where(a.call));
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
  world w(with_connections(1));
  auto const first = w.submit(), second = w.submit();
  auto const c = w.running(first);
  w.cancel(first);
  w.expect_failure(first, error_kind::canceled);
  w.expect_abort(c, first);
  w.dialled(w.expect_dial());
  w.expect_start(second);
  w.expect_nothing();
}
