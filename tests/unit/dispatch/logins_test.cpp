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
  auto const fresh = w.expect_dial();
  w.dialled(fresh);
  CHECK(w.expect_start() == fresh);
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

TEST_CASE("S9 when all who wait are gone the login is abandoned, wherever it stands, and the next call starts anew") {
  enum { dialling, sent, backing_off };
  for (int const where : {dialling, sent, backing_off}) {
    CAPTURE(where);
    world w(logging_in());
    auto const first = w.submit(), second = w.submit();
    auto const c = w.expect_dial();
    if (where != dialling) {
      w.dialled(c);
      w.expect_start();
    }
    auto const login = where == dialling ? call_id{} : w.on(c);
    if (where == backing_off) {
      w.replies(c, 503, keep, 3s);
      w.expect_retry(login);
    }
    w.cancel(first);
    w.expect_failure(first, error_kind::canceled);
    w.expect_nothing();
    w.cancel(second);
    w.expect_failure(second, error_kind::canceled);
    if (where == sent)
      w.expect_abort(c, login);
    w.expect_nothing();
    CHECK(w.stats().waiters == 0);

    auto const next = w.submit();
    auto on = c;
    if (where == dialling)
      w.dialled(c);
    if (where == sent)
      w.dialled(on = w.expect_dial());
    CHECK(w.expect_start() == on);
    w.log_in(on);
    w.expect_login_finished(true);
    w.expect_start(next, on);
    w.pass(20s);
    w.expect_probe(on);
    w.expect_nothing();
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
