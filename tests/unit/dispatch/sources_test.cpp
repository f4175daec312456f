// A user's source of credentials or of sessions, asked in time and out of it.
#include "world.hpp"

using namespace hvc;
using namespace hvc::dispatch;
using namespace hvc::dispatch::test;

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

TEST_CASE("S14 where a source gives the login's credentials it is asked for each, and its failure ends all who wait") {
  world w(small_settings(authentication::login_source));
  auto const id = w.submit();
  auto const login = w.expect_authorize();
  CHECK(login != id);
  w.refuse_to_authorize(login);
  w.expect_login_finished(false);
  w.expect_failure(id, error_kind::auth, "no_session");
  auto const next = w.submit();
  w.authorize(w.expect_authorize());
  w.dialled(w.expect_dial());
  auto const c = w.expect_start();
  w.log_in(c);
  w.expect_login_finished(true);
  w.expect_start(next, c);
  w.expect_nothing();
}

TEST_CASE("a session that a source gives is asked for once, sent with every call, and asked for again after a 401") {
  auto s = small_settings(authentication::session_source);
  s.pool.max_connections = 1;
  world w(s);
  auto const first = w.submit(), second = w.submit();
  auto const ask = w.expect_authorize();
  w.expect_nothing();
  w.authorize(ask);
  auto const c = w.expect_start_on_new(first);
  w.replies(c, 401);
  w.expect_start(second, c);
  w.replies(c, 200);
  w.expect_success(second);
  w.authorize(w.expect_authorize());
  w.expect_start(first, c);
  w.replies(c, 200);
  w.expect_success(first);
  CHECK(w.stats().logins == 0); // those were somebody else's
  w.close();
  w.expect_close(c); // and so is the log-out
  w.expect_closed();
  w.expect_nothing();
}

TEST_CASE("a source that has no session ends all who wait for one") {
  world w(small_settings(authentication::session_source));
  auto const first = w.submit(), second = w.submit();
  w.refuse_to_authorize(w.expect_authorize());
  w.expect_failure(first, error_kind::auth, "no_session");
  w.expect_failure(second, error_kind::auth, "no_session");
  w.expect_nothing();
}

TEST_CASE("S14 a source that never answers ends nothing but its own calls, at their deadlines") {
  world w(small_settings(authentication::login_source));
  auto const id = w.submit({.deadline = 1s, .max_attempts = 1});
  auto const login = w.expect_authorize();
  w.pass(1s);
  CHECK(w.expect_failure(id, error_kind::deadline).stage() == stage::login);
  w.expect_nothing();
  w.authorize(login); // far too late
  w.expect_nothing();
  w.submit();
  w.expect_authorize();
  w.expect_nothing();
}
