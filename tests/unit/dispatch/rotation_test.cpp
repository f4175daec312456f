// Other credentials and another trust while calls are under way.
#include "world.hpp"

#include <vector>

using namespace hvc;
using namespace hvc::dispatch;
using namespace hvc::dispatch::test;

namespace {

// The next call's login, made over this connection, and the call after it.
void expect_login_and(world& w, call_id id, connection_id c) {
  CHECK(w.expect_start() == c);
  w.log_in(c);
  w.expect_login_finished(true);
  w.expect_start(id, c);
}

} // namespace

TEST_CASE("another trust closes idle connections at once, and the next call dials") {
  world w;
  auto const c = w.open_used();
  w.renew_connections();
  w.expect_close(c);
  w.expect_nothing();
  auto const id = w.submit();
  w.replies(w.running(id), 200);
  w.expect_success(id);
}

TEST_CASE("another trust lets a call in flight finish, and then its connection closes") {
  world w;
  auto const c = w.open_used();
  auto const in_flight = w.submit();
  w.expect_start(in_flight, c);
  w.renew_connections();
  w.expect_nothing();
  auto const next = w.submit();
  w.replies(c, 200);
  w.expect_success(in_flight);
  w.expect_close(c);
  CHECK(w.running(next) != c);
}

TEST_CASE("another trust dials anew for who waits for a connection that is being opened") {
  world w;
  auto const id = w.submit();
  auto const old = w.expect_dial();
  w.handshaking(old);
  w.renew_connections();
  w.expect_close(old);
  w.dialled(old); // too late
  CHECK(w.running(id) != old);
  w.expect_nothing();
}

TEST_CASE("other credentials: the next call logs in anew, and the session of before is logged out") {
  world w(small_settings(authentication::login));
  auto const c = w.open_logged_in();
  auto const logout = w.change_authentication(authentication::login);
  w.expect_start(logout, c);
  CHECK(w.d.running(logout, c) == call_kind::logout);
  w.replies(c, 200);
  CHECK_FALSE(w.d.exists(logout));
  auto const id = w.submit();
  expect_login_and(w, id, c);
  w.replies(c, 200);
  w.expect_success(id);
  CHECK(w.stats().logins == 2);
  w.expect_nothing();
}

TEST_CASE("a session is left only when the last call that was sent with it has ended") {
  world w(small_settings(authentication::login));
  auto const c = w.open_logged_in();
  auto const in_flight = w.submit();
  w.expect_start(in_flight, c);
  auto const logout = w.change_authentication(authentication::login);
  w.expect_nothing();
  auto const next = w.submit(); // over another connection, with the next session
  auto const other = w.expect_dial();
  w.dialled(other);
  expect_login_and(w, next, other);
  w.pass(9s); // however long it takes
  w.expect_nothing();
  w.replies(c, 200);
  w.expect_success(in_flight);
  w.expect_start(logout, c);
  w.replies(c, 200);
  w.replies(other, 200);
  w.expect_success(next);
  w.expect_nothing();
}

TEST_CASE("a call in flight that gets a 401 after the change is repeated with the new credentials") {
  for (auto const to : {authentication::login, authentication::fixed}) {
    world w(small_settings(authentication::login));
    auto const c = w.open_logged_in();
    auto const id = w.submit();
    w.expect_start(id, c);
    auto const logout = w.change_authentication(to);
    w.replies(c, 401);
    if (to == authentication::login) {
      auto const other = w.decided(action::type::dial) ? w.expect_dial() : c;
      if (other != c)
        w.dialled(other);
      CHECK(w.d.running(w.on(c), c) == call_kind::login);
      w.expect_start();
      w.log_in(c);
      w.expect_login_finished(true);
    }
    w.expect_start(id, c);
    w.replies(c, 200);
    CHECK(w.expect_complete(id).attempts == 2);
    w.expect_start(logout, c);
    w.replies(c, 200);
    w.expect_nothing();
  }
}

TEST_CASE("a login under way is dropped, and who waited for it waits for the new one, the first first") {
  world w(small_settings(authentication::login));
  auto const first = w.submit(), second = w.submit();
  auto const c = w.expect_dial();
  w.dialled(c);
  auto const old_login = w.on(w.expect_start());
  CHECK_FALSE(w.change_authentication(authentication::login)); // there was no session yet
  w.expect_abort(c, old_login);
  auto const again = w.expect_dial();
  w.dialled(again);
  expect_login_and(w, first, again);
  w.replies(again, 200);
  w.expect_success(first);
  w.expect_start(second, again);
}

TEST_CASE("what waits for a connection goes on with the new credentials, in its order") {
  auto s = small_settings(authentication::login);
  s.pool.max_connections = 1;
  world w(s);
  auto const c = w.open_logged_in();
  std::vector<call_id> calls;
  for (int i = 0; i < 4; ++i)
    calls.push_back(w.submit());
  w.expect_start(calls[0], c);
  auto const logout = w.change_authentication(authentication::login);
  CHECK(w.stats().waiters == 1); // the login; the others wait for it
  w.replies(c, 200);
  w.expect_success(calls[0]);
  w.expect_start(); // the login is in front
  w.log_in(c);
  w.expect_login_finished(true);
  if (w.on(c) == logout) {
    w.expect_start(logout, c);
    w.replies(c, 200);
  }
  for (std::size_t i = 1; i < calls.size(); ++i) {
    w.expect_start(calls[i], c);
    w.replies(c, 200);
    w.expect_success(calls[i]);
  }
  w.expect_nothing();
}

TEST_CASE("a refused login forbids nothing to other credentials") {
  world w(small_settings(authentication::login));
  auto const refused = w.submit();
  auto const c = w.expect_start_on_new();
  w.log_in(c, 401);
  w.expect_login_finished(false);
  w.expect_failure(refused, error_kind::auth, "login_refused");
  w.change_authentication(authentication::login);
  auto const id = w.submit();
  expect_login_and(w, id, c);
}

TEST_CASE("old news of a refused session starts no cool-down of the new one") {
  world w(small_settings(authentication::login));
  auto const c = w.open_logged_in();
  auto const id = w.submit();
  w.expect_start(id, c);
  w.replies(c, 401);
  w.expect_start();
  w.log_in(c);
  w.expect_login_finished(true);
  w.expect_start(id, c); // repeated
  w.change_authentication(authentication::login);
  w.replies(c, 401); // and refused again
  w.expect_failure(id, error_kind::auth, "refresh_failed");
  w.expect_start(); // the logout of that session
  w.replies(c, 200);
  auto const next = w.submit();
  expect_login_and(w, next, c);
}

TEST_CASE("from a source to a password and back: what waits for the one goes on with the other") {
  world w(small_settings(authentication::request_source));
  auto const id = w.submit();
  CHECK(w.expect_authorize() == id);
  w.change_authentication(authentication::login);
  w.authorize(id); // the old source, too late
  auto const c = w.expect_start_on_new();
  w.change_authentication(authentication::request_source);
  w.expect_abort(c, w.on(c));
  CHECK(w.expect_authorize() == id);
  w.authorize(id);
  w.replies(w.running(id), 200);
  w.expect_success(id);
  w.expect_nothing();
}

TEST_CASE("a close logs out of every session there is, and ends when the last is left") {
  world w(small_settings(authentication::login));
  auto const c = w.open_logged_in();
  auto const in_flight = w.submit();
  w.expect_start(in_flight, c);
  auto const first = w.change_authentication(authentication::login);
  auto const next = w.submit();
  auto const other = w.expect_dial();
  w.dialled(other);
  expect_login_and(w, next, other);
  w.replies(other, 200);
  w.expect_success(next);
  w.close();
  w.expect_failure(in_flight, error_kind::closed);
  w.expect_abort(c, in_flight);
  auto const a = w.expect_start();
  CHECK(w.d.running(w.on(a), a) == call_kind::logout);
  w.replies(a, 200);
  CHECK_FALSE(w.decided(action::type::closed));
  CHECK(w.expect_start() == a);
  CHECK(w.d.running(w.on(a), a) == call_kind::logout);
  w.replies(a, 200);
  w.expect_close(a);
  w.expect_closed();
  CHECK_FALSE(w.d.exists(first));
}

TEST_CASE("the logout of a session that was left takes no longer than its time-out, and nobody is told") {
  auto s = small_settings(authentication::login);
  s.timeouts.logout = 2s;
  world w(s);
  auto const c = w.open_logged_in();
  auto const logout = w.change_authentication(authentication::fixed);
  w.expect_start(logout, c);
  w.pass(2s);
  w.expect_abort(c, logout);
  w.expect_nothing();
  CHECK_FALSE(w.d.exists(logout));
}
