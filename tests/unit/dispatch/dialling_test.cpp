// Opening connections: how many at once, for how long, and who pays for one that fails.
#include "world.hpp"

#include "error_builder.hpp"

#include <vector>

using namespace hvc;
using namespace hvc::dispatch;
using namespace hvc::dispatch::test;

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
