// The dispatcher's dealings with connections.
#include "world.hpp"

#include "error_builder.hpp"

#include <vector>

using namespace hvc;
using namespace hvc::dispatch;
using namespace hvc::dispatch::test;

namespace {
settings with_connections(unsigned most) {
  auto s = small_settings();
  s.pool.max_connections = most;
  return s;
}
} // namespace

TEST_CASE("P1 a connection that dies while it is idle is dropped; no call notices") {
  world w;
  auto const c = w.open_used();
  w.dies(c);
  w.expect_nothing();
  CHECK(w.stats().idle == 0);
  auto const id = w.submit();
  w.replies(w.running(id), 200);
  auto const done = w.expect_complete(id);
  CHECK(done.attempts == 1);
}

TEST_CASE("P2 a call that a stale connection lost is replayed on a fresh one, at once and outside the policy") {
  for (bool const sent : {false, true}) {
    world w;
    auto const stale = w.open_used();
    auto const id = w.submit({.deadline = 30s, .max_attempts = 1});
    w.expect_start(id, stale);
    sent ? w.dies_without_reply(stale) : w.dies_unsent(stale);
    auto const fresh = w.expect_start_on_new(id);
    w.replies(fresh, 200);
    auto const done = w.expect_complete(id);
    CHECK(done.succeeded);
    CHECK(done.attempts == 2);
    CHECK_FALSE(done.reused);
    w.expect_nothing();
    CHECK(w.stats().replays == 1);
    CHECK(w.stats().retries == 0);
    CHECK(w.stats().retry_budget == 500);
  }
}

TEST_CASE("P2 a connection that died before the call it was handed had begun costs no attempt") {
  world w;
  auto const stale = w.open_used();
  auto const id = w.submit({.deadline = 30s, .max_attempts = 1});
  w.expect_start(id, stale);
  w.dies(stale);
  auto const c = w.running(id);
  w.replies(c, 200);
  auto const done = w.expect_complete(id);
  CHECK(done.attempts == 1);
  CHECK(w.stats().replays == 0);
  w.expect_nothing();
}

TEST_CASE("P2 a call that changes something is in no doubt because its connection had carried others before") {
  world w(with_connections(1));
  auto const stale = w.open_used();
  auto const id = w.post();
  w.expect_start(id, stale);
  w.dies(stale); // says `sent`, of an earlier request
  w.expect_dial();
  w.cancel(id);
  CHECK_FALSE(w.expect_failure(id, error_kind::canceled).may_have_taken_effect());
}

TEST_CASE("P2 a stale connection makes its idle siblings suspect also where the call cannot be replayed") {
  world w(with_connections(2));
  w.open_used();
  auto const first = w.submit(), second = w.submit();
  auto const other = w.running(first), idle = w.running(second);
  w.replies(idle, 200);
  w.expect_success(second);
  w.replies(other, 200);
  w.expect_success(first);
  auto const id = w.post();
  w.expect_start(id, other);
  w.dies_without_reply(other);
  w.expect_close(idle);
  CHECK(w.expect_failure(id, error_kind::connection_lost, "before_headers").may_have_taken_effect());
  w.expect_nothing();
}

TEST_CASE("P2 a replay keeps wanting a fresh connection when its fresh one died before it began") {
  world w;
  auto const one = w.open_used();
  auto const id = w.submit();
  w.expect_start(id, one);
  auto const other = w.submit();
  auto const two = w.running(other);
  w.dies_without_reply(one);
  auto const fresh = w.expect_start_on_new(id);
  w.replies(two, 200); // idle now
  w.expect_success(other);
  w.dies(fresh);
  w.expect_start_on_new(id);
  w.expect_nothing();
}

TEST_CASE("P2 a replay that was answered takes any connection again") {
  world w;
  auto const stale = w.open_used();
  auto const id = w.submit();
  w.expect_start(id, stale);
  auto const other = w.submit();
  auto const two = w.running(other);
  w.dies_without_reply(stale);
  auto const fresh = w.running(id);
  w.replies(fresh, 503);
  w.replies(two, 200);
  w.expect_success(other);
  w.pass(w.expect_retry(id));
  w.expect_start(id, two);
  w.dies(two);
  w.expect_start(id, fresh); // used by now
}

TEST_CASE("P3 a fresh connection that dies without a reply is no stale one: the policy decides") {
  world w;
  auto const id = w.submit();
  w.dies_without_reply(w.running(id));
  w.expect_retry(id);
  w.expect_nothing();
  CHECK(w.stats().replays == 0);

  auto const single = w.submit({.deadline = 30s, .max_attempts = 1});
  w.dies_without_reply(w.running(single));
  w.expect_failure(single, error_kind::connection_lost, "before_headers");
}

TEST_CASE("P4 a reused connection that dies in the reply is not replayed: the policy decides") {
  world w;
  auto const c = w.open_used();
  auto const id = w.submit();
  w.expect_start(id, c);
  w.dies_in_reply(c);
  w.expect_retry(id);
  w.expect_nothing();
  CHECK(w.stats().replays == 0);
}

TEST_CASE("P2 I6 a call is replayed once, however often its connections die") {
  world w;
  auto const id = w.submit({.deadline = 1h, .max_attempts = 3});
  auto c = w.running(id);
  w.replies(c, 503);
  w.pass(w.expect_retry(id));
  w.expect_start(id, c);
  w.dies_without_reply(c); // reused: replayed
  c = w.running(id);
  w.replies(c, 503);
  w.pass(w.expect_retry(id));
  w.expect_start(id, c);
  w.dies_without_reply(c); // reused, but for the second time: the third try is over
  auto const e = w.expect_failure(id, error_kind::connection_lost, "before_headers");
  CHECK(e.attempts() == 4);
  CHECK(e.connection_reused());
}

TEST_CASE(
    "P5 when a whole pool dies at once each call is replayed at most once, and the idle siblings are not trusted") {
  constexpr unsigned most = 32;
  world w(with_connections(most));
  std::vector<call_id> calls;
  for (unsigned i = 0; i < most; ++i)
    calls.push_back(w.submit());
  for (auto const id : calls) {
    w.dialled(w.expect_dial());
    w.expect_start(id);
  }
  for (std::uint32_t i = 0; i < most; ++i) {
    auto const id = calls[i];
    w.replies(w.d.running(id, connection_id{i, 0}) ? connection_id{i, 0} : connection_id{}, 200);
    w.expect_success(id);
  }
  CHECK(w.stats().idle == most);

  auto const first = w.submit();
  auto const stale = w.expect_start(first);
  w.pass(1ms);
  w.dies_without_reply(stale);
  for (unsigned i = 1; i < most; ++i)
    w.expect_any_close();
  CHECK(w.stats().idle == 0);

  calls.assign(1, first);
  for (int i = 1; i < 512; ++i)
    calls.push_back(w.submit());
  CHECK(w.count(action::type::dial) == most);
  CHECK(w.stats().connecting == most);
  while (w.decided(action::type::dial))
    w.dialled(w.expect_dial());
  unsigned answered = 0;
  while (w.decided(action::type::start)) {
    auto const c = w.expect_start();
    auto const id = w.on(c);
    w.replies(c, 200);
    auto const done = w.expect_complete(id);
    CHECK(done.succeeded);
    CHECK(done.attempts == (id == first ? 2U : 1U));
    ++answered;
  }
  CHECK(answered == 512);
  CHECK(w.stats().replays == 1);
  w.expect_nothing();
}

TEST_CASE("a call that must have a fresh connection gets one where all are busy or idle, and does not starve") {
  SECTION("all others are busy: the first that is free makes way") {
    world w(with_connections(2));
    auto const stale = w.open_used();
    auto const id = w.submit(), other = w.submit(), waiting = w.submit();
    w.expect_start(id, stale);
    auto const busy = w.running(other);
    w.dies_without_reply(stale);
    auto const fresh = w.expect_dial();
    w.expect_nothing();
    w.dialled(fresh);
    w.expect_start(id, fresh); // before `waiting`, which is first come
    w.replies(busy, 200);
    w.expect_success(other);
    w.expect_start(waiting, busy);
  }
  SECTION("there is one connection, and it was taken meanwhile") {
    world w(with_connections(1));
    auto const stale = w.open_used();
    auto const id = w.submit(), waiting = w.submit();
    w.expect_start(id, stale);
    w.dies_without_reply(stale);
    auto const fresh = w.expect_dial();
    w.fails_to_dial(fresh); // charged to the one that wanted it
    w.expect_retry(id);
    w.dialled(w.expect_dial());
    w.expect_start(waiting);
  }
}

TEST_CASE("P6 X a connection that may not be reused is closed after its reply, and the next waiter gets another") {
  world w(with_connections(1));
  auto const first = w.submit(), second = w.submit();
  auto const c = w.running(first);
  w.replies(c, 200, drop);
  w.expect_success(first);
  w.expect_close(c);
  auto const next = w.expect_dial();
  CHECK(next != c);
  w.dialled(next);
  w.expect_start(second, next);
}

TEST_CASE("P8 idle connections close at their time, judged when it comes") {
  world w;
  auto const c = w.open_used();
  w.pass(50s); // shorter than the shortest limit
  w.expect_nothing();
  auto const id = w.submit();
  w.expect_start(id, c);
  w.replies(c, 200);
  w.expect_success(id);
  w.pass(53'999ms); // the first limit is long past, and was only looked at
  w.expect_nothing();
  w.pass(12'002ms);
  w.expect_close(c);
  w.expect_nothing();
  CHECK(w.d.next_deadline() == time_point::max()); // L13
}

TEST_CASE("P24 after a suspension a call does not get a connection past its time, and that one is closed") {
  world w(with_connections(1));
  auto const old = w.open_used();
  w.now += 24h; // no tick was heard meanwhile
  auto const id = w.submit();
  w.expect_nothing();
  CHECK(w.d.next_deadline() <= w.now);
  w.pass(0ns);
  w.expect_close(old);
  w.expect_start_on_new(id);
}

TEST_CASE("H24 a connection the server keeps for a second only is not kept") {
  world w;
  auto const id = w.submit();
  auto const c = w.running(id);
  w.replies(c, 200, {.reusable = true, .idle_limit = 1s});
  w.expect_success(id);
  w.expect_close(c);

  auto const second = w.submit();
  auto const kept = w.running(second);
  w.replies(kept, 200, {.reusable = true, .idle_limit = 5s});
  w.expect_success(second);
  w.pass(4s - 1ns);
  w.expect_nothing();
  w.pass(1ns);
  w.expect_close(kept);
}

TEST_CASE("P9 a connection past its lifetime finishes its exchange, then closes") {
  world w;
  auto const first = w.submit({.deadline = 1h, .max_attempts = 1});
  auto const c = w.running(first);
  w.pass(661s);
  w.expect_probe(c);
  w.expect_nothing();
  w.replies(c, 200);
  w.expect_success(first);
  w.expect_close(c);
  w.expect_nothing();
}

TEST_CASE("when 64 connections are being opened, the next is when one of them is open or has failed") {
  world w(with_connections(100));
  for (int i = 0; i < 70; ++i)
    w.submit();
  CHECK(w.count(action::type::dial) == 64);
  w.dialled(w.expect_dial());
  CHECK(w.count(action::type::dial) == 64);
  w.fails_to_dial(w.expect_dial());
  CHECK(w.count(action::type::dial) == 64);
}

TEST_CASE("P14 C6 a connection that cannot be opened is charged to one waiter; the others are dialled for again") {
  world w(with_connections(1));
  auto const first = w.submit(), second = w.submit();
  w.fails_to_dial(w.expect_dial());
  w.expect_retry(first);
  w.expect_start_on_new(second);
  w.expect_nothing();
}

TEST_CASE("C1 a name without an address is not tried again by itself") {
  world w;
  auto const id = w.submit();
  w.fails_to_dial(w.expect_dial(), error_builder(error(error_kind::resolve)).stage(stage::resolve).build());
  auto const e = w.expect_failure(id, error_kind::resolve);
  CHECK(e.attempts() == 1);
  CHECK_FALSE(e.retryable());
  w.expect_nothing();
}

TEST_CASE("C12 X6 failing dials back off: nothing spins while time stands still") {
  world w;
  auto const id = w.submit();
  for (int i = 0; i < 2; ++i) {
    w.fails_to_dial(w.expect_dial(), error(error_kind::resource, "ports"));
    auto const delay = w.expect_retry(id);
    w.expect_nothing();
    w.pass(delay);
  }
  w.fails_to_dial(w.expect_dial(), error(error_kind::resource, "ports"));
  w.expect_failure(id, error_kind::resource, "ports");
  w.expect_nothing();
}

TEST_CASE("C13 a connection that opens after its caller left serves the next, or rests") {
  world w(with_connections(1));
  auto const first = w.submit();
  auto const c = w.expect_dial();
  w.cancel(first);
  w.expect_failure(first, error_kind::canceled);
  auto const second = w.submit();
  w.expect_nothing(); // the same dial will do
  w.dialled(c);
  w.expect_start(second, c);
  w.cancel(second);
  w.expect_failure(second, error_kind::canceled);
  w.expect_abort(c, second);
  w.expect_nothing();
}

TEST_CASE("C14 a waiter takes whichever connection is there first") {
  world w;
  auto const first = w.submit();
  auto const c = w.running(first);
  auto const second = w.submit();
  auto const opening = w.expect_dial();
  w.replies(c, 200);
  w.expect_success(first);
  w.expect_start(second, c);
  w.dialled(opening);
  w.expect_nothing();
  CHECK(w.stats().idle == 1);
  CHECK(w.stats().busy == 1);
}

TEST_CASE("C2 C7 connecting has its own limit, resolving included") {
  for (bool const resolved : {false, true}) {
    world w;
    auto const id = w.submit();
    auto const c = w.expect_dial();
    w.pass(2s);
    if (resolved)
      w.trying_address(c, 1);
    w.pass(3s - 1ns);
    w.expect_nothing();
    w.pass(1ns);
    w.expect_close(c);
    auto const e = w.expect_failure(id, error_kind::connect_timeout);
    CHECK(e.stage() == (resolved ? stage::connect : stage::resolve));
    CHECK(e.retryable());
    w.expect_nothing();
  }
}

TEST_CASE("C5 each address has its share of what is left of the time to connect") {
  world w;
  auto const id = w.submit();
  auto const c = w.expect_dial();
  w.pass(1s);
  w.trying_address(c, 4); // 4 s are left
  w.pass(1s - 1ns);
  w.expect_nothing();
  w.pass(1ns);
  w.expect_next_address(c);
  w.pass(500ms);
  w.trying_address(c, 2); // the second was refused: two are left for 2.5 s
  w.pass(1'250ms - 1ns);
  w.expect_nothing();
  w.pass(1ns);
  w.expect_next_address(c);
  w.handshaking(c); // the last one answers
  w.pass(9s);
  w.dialled(c);
  w.expect_start(id, c);
  w.expect_nothing();
}

TEST_CASE("C5 when all addresses were tried in vain the connection fails at the limit, not later") {
  world w;
  auto const id = w.submit();
  auto const c = w.expect_dial();
  w.trying_address(c, 3);
  w.pass(5s - 1ns);
  w.expect_next_address(c);
  w.expect_next_address(c);
  w.expect_nothing();
  w.pass(1ns);
  w.expect_close(c);
  w.expect_failure(id, error_kind::connect_timeout);
}

TEST_CASE("C5 an alarm that rings late goes through the addresses at once and ends") {
  world w;
  auto const id = w.submit();
  w.trying_address(w.expect_dial(), 8);
  w.now += 20s;
  w.pass(0ns);
  w.expect_failure(id, error_kind::connect_timeout);
  CHECK(w.count(action::type::next_address) == 7);
}

TEST_CASE("C9 T13 a silent handshake has its own limit") {
  world w;
  auto const id = w.submit();
  auto const c = w.expect_dial();
  w.trying_address(c, 1);
  w.pass(4s);
  w.handshaking(c);
  w.pass(10s - 1ns);
  w.expect_nothing();
  w.pass(1ns);
  w.expect_close(c);
  auto const e = w.expect_failure(id, error_kind::tls_timeout);
  CHECK(e.stage() == stage::handshake);
  w.expect_nothing();
}

TEST_CASE("P7 an attempt without a first byte is probed at its time, once, and retried when the connection says so") {
  world w;
  auto const id = w.submit();
  auto const c = w.running(id);
  w.pass(10s - 1ns);
  w.expect_nothing();
  w.pass(1ns);
  w.expect_probe(c);
  w.pass(5s);
  w.expect_nothing();
  w.dies_without_reply(c, error(error_kind::attempt_timeout));
  w.expect_retry(id);
}

TEST_CASE("P7 the limit of an attempt is its own: a later call on the same connection has all of it") {
  world w;
  auto const first = w.submit();
  auto const c = w.running(first);
  w.pass(9s);
  w.replies(c, 200);
  w.expect_success(first);
  auto const second = w.submit();
  w.expect_start(second, c);
  w.pass(10s - 1ns);
  w.expect_nothing();
  w.pass(1ns);
  w.expect_probe(c);
}

TEST_CASE("P18 a herd of calls opens as many connections as allowed and no more") {
  auto s = with_connections(16);
  s.pool.max_waiters = 10'000;
  world w(s);
  std::vector<call_id> calls;
  for (int i = 0; i < 10'000; ++i)
    calls.push_back(w.submit());
  CHECK(w.count(action::type::dial) == 16);
  CHECK(w.stats().waiters == 10'000);
}

TEST_CASE("P17 at saturation calls are served in the order they came") {
  world w(with_connections(2));
  std::vector<call_id> calls;
  for (int i = 0; i < 200; ++i)
    calls.push_back(w.submit());
  std::vector<connection_id> open;
  for (std::size_t i = 0; i < 2; ++i) {
    w.dialled(w.expect_dial());
    open.push_back(w.expect_start(calls[i]));
  }
  for (std::size_t i = 2; i < calls.size(); ++i) {
    auto const c = open[(i * 7 / 3) % 2];
    auto const id = w.on(c);
    w.replies(c, 200);
    w.expect_success(id);
    w.expect_start(calls[i], c);
  }
}
