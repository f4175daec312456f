// The end of everything: calls, connections, and the session.
#include "world.hpp"

using namespace hvc;
using namespace hvc::dispatch;
using namespace hvc::dispatch::test;

TEST_CASE("closing an idle client closes its connections and is done") {
  world w;
  auto const c = w.open_used();
  w.close();
  w.expect_close(c);
  w.expect_closed();
  w.close();
  w.expect_nothing();
  auto const late = w.submit();
  w.expect_failure(late, error_kind::closed);
  w.expect_nothing();
}

TEST_CASE("P20 close ends every call at once, wherever it stands, and leaves nothing") {
  world w(with_connections(3));
  auto const backing_off = w.submit();
  auto const first = w.expect_dial();
  w.dialled(first);
  w.expect_start(backing_off);
  w.replies(first, 503, keep, 5s);
  w.expect_retry(backing_off);
  auto const active = w.submit();
  w.expect_start(active, first);
  auto const dialling = w.submit(), shaking_hands = w.submit(), queued = w.submit();
  w.trying_address(w.expect_dial(), 1);
  auto const handshake = w.expect_dial();
  w.handshaking(handshake);
  w.close();
  for (auto const id : {backing_off, active, dialling, shaking_hands, queued})
    w.expect_failure(id, error_kind::closed);
  w.expect_abort(first, active);
  w.expect_close(handshake);
  w.expect_any_close();
  w.expect_closed();
  w.expect_nothing();
  w.dialled(handshake);
  w.replies(first, 200);
  w.pass(1h);
  w.expect_nothing();
}

TEST_CASE("P20 close while a source is asked, and while a login waits for its connection") {
  {
    world w(small_settings(authentication::request_source));
    auto const id = w.submit();
    w.expect_authorize();
    w.close();
    w.expect_failure(id, error_kind::closed);
    w.expect_closed();
    w.authorize(id);
    w.expect_nothing();
  }
  world w(logging_in());
  auto const first = w.submit(), second = w.submit();
  auto const c = w.expect_dial();
  w.close();
  w.expect_failure(first, error_kind::closed);
  w.expect_failure(second, error_kind::closed);
  w.expect_close(c);
  w.expect_closed();
  w.expect_nothing();
}

TEST_CASE("S13 a close awaits the answer to a login that was sent, and logs out of its session") {
  for (int const status : {201, 401, 503}) {
    CAPTURE(status);
    world w(logging_in());
    auto const id = w.submit();
    auto const c = w.expect_start_on_new();
    w.close();
    w.expect_failure(id, error_kind::closed);
    w.expect_nothing();
    w.expect_failure(w.submit(), error_kind::closed);
    w.log_in(c, status);
    w.expect_login_finished(status == 201);
    if (status == 201) {
      CHECK(w.expect_start() == c);
      CHECK(w.d.running(w.on(c), c) == call_kind::logout);
      w.expect_nothing();
      w.replies(c, 204);
    }
    w.expect_close(c);
    w.expect_closed();
    w.expect_nothing();
  }
}

TEST_CASE("S13 a login that was sent and its logout have two seconds between them") {
  for (bool const answered : {false, true}) {
    CAPTURE(answered);
    world w(logging_in());
    auto const id = w.submit();
    auto const c = w.expect_start_on_new();
    w.close();
    w.expect_failure(id, error_kind::closed);
    if (answered) {
      w.pass(1500ms);
      w.log_in(c);
      w.expect_login_finished(true);
      w.expect_start();
      w.pass(500ms - 1ns);
    } else {
      w.pass(2s - 1ns);
    }
    w.expect_nothing();
    auto const last = w.on(c);
    w.pass(1ns);
    w.expect_abort(c, last);
    if (!answered)
      w.expect_login_finished(false);
    w.expect_closed();
    w.expect_nothing();
  }
}

TEST_CASE("S13 a close prolongs no login, and what is left of its time is the logout's to the millisecond") {
  auto s = logging_in();
  s.deadline = s.timeouts.attempt = 10s;
  {
    world w(s);
    auto const id = w.submit();
    auto const c = w.expect_start_on_new();
    auto const login = w.on(c);
    w.pass(9s);
    w.close();
    w.expect_failure(id, error_kind::closed);
    w.pass(1s);
    w.expect_abort(c, login);
    w.expect_login_finished(false);
    w.expect_closed();
  }
  world w(s);
  auto const id = w.submit();
  auto const c = w.expect_start_on_new();
  w.close();
  w.expect_failure(id, error_kind::closed);
  w.pass(2s - 500us);
  w.log_in(c);
  w.expect_login_finished(true);
  w.expect_start();
  auto const logout = w.on(c);
  w.pass(1ms);
  w.expect_abort(c, logout);
  w.expect_closed();
}

TEST_CASE("S13 a close ends when both the session of before and that of a login under way are logged out") {
  world w(logging_in(2));
  auto const c = w.open_logged_in();
  auto const first = w.submit();
  w.expect_start(first, c);
  auto const earlier = w.change_authentication(authentication::login);
  auto const second = w.submit();
  auto const other = w.expect_start_on_new();
  w.close();
  w.expect_failure(first, error_kind::closed);
  w.expect_failure(second, error_kind::closed);
  w.expect_abort(c, first);
  auto const again = w.expect_dial();
  w.dialled(again);
  w.expect_start(earlier, again);
  w.replies(again, 204);
  CHECK_FALSE(w.decided(action::type::closed));
  w.log_in(other);
  w.expect_login_finished(true);
  auto const last = w.expect_start();
  CHECK(w.d.running(w.on(last), last) == call_kind::logout);
  w.replies(last, 204);
  CHECK(w.decided(action::type::closed));
}

TEST_CASE("S13 a login whose connection dies under a close is not made again") {
  world w(logging_in());
  auto const id = w.submit();
  auto const c = w.expect_start_on_new();
  w.close();
  w.expect_failure(id, error_kind::closed);
  w.dies_without_reply(c);
  w.expect_login_finished(false);
  w.expect_closed();
  w.expect_nothing();
}

TEST_CASE("S13 a client with a session logs out first, and is closed when the server answers") {
  for (int const status : {204, 404, 503}) {
    world w(logging_in());
    auto const c = w.open_logged_in();
    w.close();
    CHECK(w.expect_start() == c);
    CHECK(w.d.running(w.on(c), c) == call_kind::logout);
    w.expect_nothing();
    auto const late = w.submit();
    w.expect_failure(late, error_kind::closed);
    w.replies(c, status);
    w.expect_close(c);
    w.expect_closed();
    w.expect_nothing();
  }
}

TEST_CASE("a session is given away until the client closes, not afterwards: it is logged out") {
  world w(logging_in());
  auto const c = w.open_logged_in();
  w.close();
  CHECK_FALSE(w.d.release_session());
  CHECK(w.expect_start() == c);
  w.replies(c, 204);
  CHECK_FALSE(w.d.release_session());
}

TEST_CASE("S13 the logout has two seconds, wherever it stands") {
  enum { sent, dialling };
  for (int const where : {sent, dialling}) {
    world w(logging_in());
    auto c = w.open_logged_in();
    if (where == dialling)
      w.dies(c);
    w.close();
    if (where == dialling)
      c = w.expect_dial();
    else
      w.expect_start();
    w.pass(2s - 1ns);
    w.expect_nothing();
    w.pass(1ns);
    if (where == sent)
      w.expect_abort(c, w.on(c));
    else
      w.expect_close(c);
    w.expect_closed();
    w.expect_nothing();
  }
}

TEST_CASE("S13 a logout that fails on its way is not tried again") {
  SECTION("the connection cannot be opened") {
    world w(logging_in());
    w.dies(w.open_logged_in());
    w.close();
    w.fails_to_dial(w.expect_dial());
    w.expect_closed();
    w.expect_nothing();
  }
  SECTION("the connection dies") {
    world w(logging_in());
    auto const c = w.open_logged_in();
    w.close();
    w.expect_start();
    w.dies_without_reply(c);
    w.expect_closed();
    w.expect_nothing();
  }
}

TEST_CASE("S13 close while calls are under way ends them first and opens no connection but for the logout") {
  world w(logging_in());
  auto const c = w.open_logged_in();
  auto const first = w.submit();
  w.expect_start(first, c);
  auto const second = w.submit();
  auto const other = w.running(second);
  auto const third = w.submit();
  w.close();
  for (auto const id : {first, second, third})
    w.expect_failure(id, error_kind::closed);
  w.expect_abort(c, first);
  w.expect_abort(other, second);
  CHECK(w.count(action::type::dial) == 1);
  auto const last = w.expect_start_on_new();
  w.replies(last, 204);
  w.expect_close(last);
  w.expect_closed();
  w.expect_nothing();
}
