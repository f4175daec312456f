// The way of a call.
#include "world.hpp"

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
  CHECK_FALSE(done.why);
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
  world w(with_connections(1));
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

TEST_CASE("P11 one waiter too many ends with pool_full at once; who was let in is not refused later") {
  auto s = with_connections(1);
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

TEST_CASE("a 401 on a ready-made token is a standard error, without a login") {
  world w;
  auto const id = w.submit();
  w.replies(w.running(id), 401);
  w.expect_failure(id, error_kind::standard);
  w.expect_nothing();
}
