// The login that many calls wait for: lost, refused for now, abandoned, charged.
#include "world.hpp"

#include "error_builder.hpp"

using namespace hvc;
using namespace hvc::dispatch;
using namespace hvc::dispatch::test;

TEST_CASE(
    "S4 a login the server has no room for is tried again within its attempts, then ends with what the server said") {
  world w(logging_in());
  auto const id = w.submit();
  w.dialled(w.expect_dial());
  auto const c = w.expect_start();
  auto const login = w.on(c);
  for (int i = 0; i < 2; ++i) {
    w.log_in(c, 503);
    w.pass(w.expect_retry(login));
    w.expect_start(login, c);
  }
  w.log_in(c, 503);
  w.expect_login_finished(false);
  auto const e = w.expect_failure(id, error_kind::auth, "no_session");
  CHECK(e.http_status() == 503);
  CHECK(e.retryable());
  w.expect_nothing();
  w.submit(); // no cool-down
  CHECK(w.d.running(w.on(w.expect_start()), c) == call_kind::login);
}

TEST_CASE("S5 a login whose reply was lost is made once more at most, and never replayed blindly") {
  world w(logging_in());
  auto const stale = w.open_logged_in();
  auto const id = w.submit();
  w.expect_start(id, stale);
  w.replies(stale, 401);
  CHECK(w.expect_start() == stale);
  auto const login = w.on(stale);
  w.dies_without_reply(stale); // reused, no byte of a reply: but the server may have made a session
  w.pass(w.expect_retry(login));
  auto const c = w.expect_start_on_new(login);
  w.dies_without_reply(c);
  w.expect_login_finished(false);
  w.expect_failure(id, error_kind::auth, "no_session");
  w.expect_nothing();
  CHECK(w.stats().replays == 0);
}

TEST_CASE("S5 a login lost on a stale connection is made once more on a fresh one, and no idle one is trusted") {
  world w(logging_in(3));
  w.open_logged_in();
  auto const id = w.submit(), other = w.submit();
  auto const stale = w.expect_start(id), idle = w.running(other);
  w.replies(idle, 200);
  w.expect_success(other);
  w.replies(stale, 401);
  auto const login = w.on(stale);
  w.expect_start(login, stale);
  w.dies_without_reply(stale);
  w.expect_close(idle);
  w.pass(w.expect_retry(login));
  auto const fresh = w.expect_start_on_new(login);
  w.log_in(fresh);
  w.expect_login_finished(true);
  w.expect_start(id, fresh);
  w.expect_nothing();
}

TEST_CASE("S5 a login lost on a stale connection keeps wanting a fresh one when that died before it began") {
  world w(logging_in(3));
  w.open_logged_in();
  auto const id = w.submit(), other = w.submit();
  auto const stale = w.expect_start(id), used = w.running(other);
  w.replies(stale, 401);
  auto const login = w.on(stale);
  w.expect_start(login, stale);
  w.dies_without_reply(stale);
  w.pass(w.expect_retry(login));
  auto const fresh = w.expect_start_on_new(login);
  w.replies(used, 200); // idle now
  w.expect_success(other);
  w.dies(fresh);
  auto const again = w.expect_start_on_new(login);
  w.log_in(again);
  w.expect_login_finished(true);
  w.expect_start(id, again);
}

TEST_CASE("S5 a login lost after one that was refused for now is made once more too") {
  world w(logging_in());
  auto const id = w.submit();
  w.dialled(w.expect_dial());
  auto const first = w.expect_start();
  auto const login = w.on(first);
  w.log_in(first, 503);
  w.pass(w.expect_retry(login));
  w.expect_start(login, first);
  w.dies_in_reply(first);
  w.pass(w.expect_retry(login));
  auto const second = w.expect_start_on_new(login);
  w.log_in(second);
  w.expect_login_finished(true);
  w.expect_start(id, second);
}

TEST_CASE("S5 a login of which nothing left is replayed like any other call") {
  world w(logging_in());
  auto const stale = w.open_logged_in();
  auto const id = w.submit();
  w.expect_start(id, stale);
  w.replies(stale, 401);
  CHECK(w.expect_start() == stale);
  w.dies_unsent(stale);
  auto const fresh = w.expect_start_on_new();
  w.log_in(fresh);
  w.expect_login_finished(true);
  w.expect_start(id, fresh);
}

TEST_CASE("S8 the login goes on when the call that asked for it is cancelled or its deadline passes") {
  for (bool const cancelled : {true, false}) {
    world w(logging_in());
    auto const leader = w.submit({.deadline = 1s, .max_attempts = 3});
    auto const other = w.submit();
    w.dialled(w.expect_dial());
    auto const c = w.expect_start();
    if (cancelled)
      w.cancel(leader);
    else
      w.pass(1s);
    w.expect_failure(leader, cancelled ? error_kind::canceled : error_kind::deadline);
    w.expect_nothing();
    w.log_in(c);
    w.expect_login_finished(true);
    w.expect_start(other, c);
    w.expect_nothing();
  }
}

TEST_CASE("S9 when all who wait are gone a login that is not under way is dropped, and the next call starts anew") {
  for (bool const backs_off : {false, true}) {
    CAPTURE(backs_off);
    world w(logging_in());
    auto const first = w.submit(), second = w.submit();
    auto const c = w.expect_dial();
    if (backs_off) {
      w.dialled(c);
      w.expect_start();
      auto const login = w.on(c);
      w.replies(c, 503, keep, 3s);
      w.expect_retry(login);
    }
    w.cancel(first);
    w.expect_failure(first, error_kind::canceled);
    w.expect_nothing();
    w.cancel(second);
    w.expect_failure(second, error_kind::canceled);
    w.expect_nothing();
    CHECK(w.stats().waiters == 0);

    auto const next = w.submit();
    if (!backs_off)
      w.dialled(c);
    CHECK(w.expect_start() == c);
    w.log_in(c);
    w.expect_login_finished(true);
    w.expect_start(next, c);
    w.pass(20s);
    w.expect_probe(c);
    w.expect_nothing();
  }
}

TEST_CASE(
    "S9 a login that was sent goes on without anybody: its session is the next call's, before its reply or after") {
  for (bool const before : {false, true}) {
    CAPTURE(before);
    world w(logging_in());
    auto const first = w.submit();
    auto const c = w.expect_start_on_new();
    w.cancel(first);
    w.expect_failure(first, error_kind::canceled);
    w.expect_nothing();
    auto next = before ? w.submit() : call_id();
    w.expect_nothing(); // it waits for that login
    w.log_in(c);
    w.expect_login_finished(true);
    if (!before)
      next = w.submit();
    w.expect_start(next, c);
    CHECK(w.stats().logins == 1);
    w.expect_nothing();
  }
}

TEST_CASE("S9 ten calls whose deadlines are shorter than a login make one session between them") {
  world w(logging_in());
  auto c = connection_id();
  for (int i = 0; i < 10; ++i) {
    auto const id = w.submit({.deadline = 300ms, .max_attempts = 3});
    if (i == 0) {
      w.dialled(c = w.expect_dial());
      w.expect_start();
    }
    w.pass(300ms);
    w.expect_failure(id, error_kind::deadline);
    w.expect_nothing();
  }
  w.log_in(c);
  w.expect_login_finished(true);
  w.expect_start(w.submit(), c);
  CHECK(w.stats().logins == 1);
}

TEST_CASE("S9 a call that comes to a login nobody waited for gives it the time and the attempts of a new one") {
  for (auto const deadline : {5s, 30s}) { // shorter than an attempt, and longer
    auto s = logging_in(1);
    s.deadline = deadline;
    s.timeouts.attempt = 10s;
    world w(s);
    auto const first = w.submit({.deadline = 4s, .max_attempts = 3});
    auto const c = w.expect_start_on_new();
    auto const login = w.on(c);
    w.pass(4s);
    w.expect_failure(first, error_kind::deadline);
    w.pass(std::max(deadline, 10s) - 4s - 1ms); // it would be over now
    if (w.decided(action::type::probe))
      w.expect_probe(c);
    w.expect_nothing();
    auto const second = w.submit({.deadline = 5s, .max_attempts = 3});
    w.pass(10ms);
    if (w.decided(action::type::probe))
      w.expect_probe(c);
    w.expect_nothing();
    w.dies_without_reply(c);
    w.pass(w.expect_retry(login));
    w.dialled(w.expect_dial());
    auto const again = w.expect_start();
    w.log_in(again);
    w.expect_login_finished(true);
    w.expect_start(second, again);
  }
}

TEST_CASE("S9 a call may come to a login nobody waits for where none may wait") {
  auto s = logging_in(1);
  s.pool.max_waiters = 0;
  world w(s);
  auto const first = w.submit();
  auto const c = w.expect_start_on_new();
  w.cancel(first);
  w.expect_failure(first, error_kind::canceled);
  auto const second = w.submit();
  w.expect_failure(w.submit(), error_kind::pool_full);
  w.log_in(c);
  w.expect_login_finished(true);
  w.expect_start(second, c);
}

TEST_CASE("S9 a login that nobody waits for, lost on a stale connection, leaves no idle one trusted") {
  world w(logging_in());
  auto const c = w.open_logged_in();
  auto const first = w.submit(), second = w.submit();
  w.expect_start(first, c);
  auto const other = w.expect_dial();
  w.dialled(other);
  w.expect_start(second, other);
  w.replies(other, 200);
  w.expect_success(second);
  w.replies(c, 401);
  auto const at = w.expect_start();
  w.cancel(first);
  w.expect_failure(first, error_kind::canceled);
  w.pass(1ms);
  w.dies_without_reply(at);
  w.expect_login_finished(false);
  w.expect_close(at == c ? other : c);
  w.expect_nothing();
}

TEST_CASE("what observers are told of a login has its attempts and its time") {
  world w(logging_in());
  w.submit();
  auto const c = w.expect_start_on_new();
  auto const login = w.on(c);
  w.pass(5ms);
  w.replies(c, 503);
  auto const again = w.take_retry(login);
  CHECK(again.why->attempts() == 1);
  CHECK(again.why->elapsed() == 5ms);
  CHECK(again.why->retryable());
  CHECK_FALSE(again.why->connection_reused());
  w.pass(again.delay);
  w.expect_start(login, c);
  w.log_in(c, 401);
  auto const ended = w.expect_login_finished(false);
  CHECK(ended.why->attempts() == 2);
  CHECK(ended.why->elapsed() == 5ms + again.delay);
}

TEST_CASE("S9 a login that nobody waits for is not tried again, however it fails") {
  for (int const how : {0, 1, 2, 3, 401, 503}) {
    CAPTURE(how);
    world w(logging_in());
    auto const id = w.submit();
    auto const c = w.expect_start_on_new();
    w.cancel(id);
    w.expect_failure(id, error_kind::canceled);
    if (how == 0)
      w.dies(c);
    else if (how == 1)
      w.dies_unsent(c);
    else if (how == 2)
      w.dies_without_reply(c);
    else if (how == 3)
      w.dies_in_reply(c);
    else
      w.log_in(c, how);
    w.expect_login_finished(false);
    w.expect_nothing();
    auto const next = w.submit();
    if (how == 401)
      w.expect_failure(next, error_kind::auth, "login_refused");
    else
      CHECK((w.decided(action::type::dial) || w.decided(action::type::start)));
  }
}

TEST_CASE("a login that cannot reach or trust the server tells so, not that there is no session") {
  world w(logging_in());
  auto const id = w.submit({.deadline = 30s, .max_attempts = 1});
  w.fails_to_dial(w.expect_dial(),
                  error_builder(error(error_kind::tls_verify, "expired")).stage(stage::handshake).build());
  w.expect_login_finished(false);
  CHECK(w.expect_failure(id, error_kind::tls_verify, "expired").stage() == stage::handshake);
  w.expect_nothing();
}

TEST_CASE("P14 the login queues first, and is charged with a dial that fails like any call") {
  world w(logging_in(1));
  auto const id = w.submit();
  w.fails_to_dial(w.expect_dial());
  CHECK(w.count(action::type::retrying) == 1);
  CHECK_FALSE(w.decided(action::type::complete));
  w.pass(50ms);
  w.dialled(w.expect_dial());
  w.log_in(w.expect_start());
  w.expect_login_finished(true);
  w.expect_start(id);
}
