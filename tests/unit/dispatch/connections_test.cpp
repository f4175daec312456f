// The dispatcher's dealings with connections.
#include "world.hpp"

#include <vector>

using namespace hvc;
using namespace hvc::dispatch;
using namespace hvc::dispatch::test;

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
