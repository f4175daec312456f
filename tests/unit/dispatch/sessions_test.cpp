// The dispatcher's dealings with the session.
#include "world.hpp"

#include "error_builder.hpp"

#include <vector>

using namespace hvc;
using namespace hvc::dispatch;
using namespace hvc::dispatch::test;

TEST_CASE("S2 the first calls wait for one login, hold no connection meanwhile, and go on when it is done") {
  world w(logging_in());
  auto const first = w.submit(), second = w.submit();
  auto const c = w.expect_dial();
  w.expect_nothing();
  w.dialled(c);
  CHECK(w.expect_start() == c);
  CHECK(w.d.running(w.on(c), c) == call_kind::login);
  w.log_in(c);
  w.expect_login_finished(true);
  w.expect_start(first, c);
  w.dialled(w.expect_dial());
  w.expect_start(second);
  CHECK(w.stats().logins == 1);
  w.expect_nothing();
}

TEST_CASE("S1 a 401 for one call: one login, and the call is repeated") {
  world w(logging_in());
  auto const c = w.open_logged_in();
  auto const id = w.submit({.deadline = 30s, .max_attempts = 1});
  w.expect_start(id, c);
  w.replies(c, 401);
  CHECK(w.expect_start() == c); // the login, on the connection just freed
  w.log_in(c);
  w.expect_login_finished(true);
  w.expect_start(id, c);
  w.replies(c, 200);
  CHECK(w.expect_complete(id).attempts == 2);
  CHECK(w.stats().logins == 2);
  w.expect_nothing();
}

TEST_CASE("S2 a session that expires under 10,000 calls costs exactly one login, and every call succeeds") {
  constexpr unsigned most = 16;
  auto s = logging_in(most); // and the usual limit of waiters, which only new calls meet
  s.pool.max_waiters = 10'000;
  world w(s);
  w.open_logged_in();
  auto const before = w.stats().logins;
  std::vector<call_id> calls;
  for (int i = 0; i < 10'000; ++i)
    calls.push_back(w.submit());
  while (w.decided(action::type::dial))
    w.dialled(w.expect_dial());

  std::vector<std::uint64_t> sent_with(10'001 + most, 0); // by call slot: the token, once it was sent
  std::uint64_t token = 1;                                // 1 has expired
  std::vector<connection_id> busy;
  unsigned logins_sent = 0, repeats = 0, done = 0;
  auto const collect = [&] {
    while (w.decided(action::type::start)) {
      auto const c = w.expect_start();
      busy.push_back(c);
      auto const id = w.on(c);
      if (w.d.running(id, c) == call_kind::login)
        ++logins_sent;
      else
        sent_with[id.slot] = token;
    }
  };
  collect();
  while (!busy.empty()) {
    auto const c = busy.front();
    busy.erase(busy.begin());
    auto const id = w.on(c);
    if (w.d.running(id, c) == call_kind::login) {
      ++token;
      w.replies(c, 200);
      w.expect_login_finished(true);
    } else if (sent_with[id.slot] == 1) {
      ++repeats;
      w.replies(c, 401);
    } else {
      w.replies(c, 200);
      w.expect_success(id);
      ++done;
    }
    collect();
  }
  CHECK(done == 10'000);
  CHECK(logins_sent == 1);
  CHECK(w.stats().logins == before + 1);
  CHECK(repeats >= most);
  w.expect_nothing();
}

TEST_CASE("S2 calls over the limit of waiters end at once while a login is under way") {
  auto s = logging_in(1);
  s.pool.max_waiters = 2;
  world w(s);
  auto const first = w.submit(), second = w.submit(), third = w.submit();
  CHECK(w.expect_failure(third, error_kind::pool_full).stage() == stage::login);
  w.dialled(w.expect_dial());
  auto const c = w.expect_start();
  w.log_in(c);
  w.expect_login_finished(true);
  w.expect_start(first, c);
  w.replies(c, 200);
  w.expect_success(first);
  w.expect_start(second, c);
}

TEST_CASE("S3 a refused login ends all who wait, is not tried again, and nobody logs in for the cool-down") {
  for (int const status : {401, 403}) {
    world w(logging_in());
    auto const first = w.submit(), second = w.submit();
    w.dialled(w.expect_dial());
    w.log_in(w.expect_start(), status);
    CHECK(w.expect_login_finished(false).why.reason() == "login_refused");
    for (auto const id : {first, second}) {
      auto const e = w.expect_failure(id, error_kind::auth, "login_refused");
      CHECK(e.http_status() == status);
      CHECK(e.stage() == stage::login);
      CHECK_FALSE(e.retryable());
    }
    w.expect_nothing();
    w.pass(59'999ms);
    auto const early = w.submit();
    w.expect_failure(early, error_kind::auth, "login_refused");
    w.pass(1ms);
    while (w.decided(action::type::close))
      w.expect_any_close();
    w.expect_nothing();
    w.submit();
    if (w.decided(action::type::dial)) // unless the connection is still there: its limit is about as long
      w.dialled(w.expect_dial());
    auto const c = w.expect_start();
    CHECK(w.d.running(w.on(c), c) == call_kind::login);
  }
}

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

TEST_CASE("S6 S16 a fresh token that does not hold either ends the call, without a loop and with a cool-down") {
  world w(logging_in(1));
  auto const id = w.submit();
  w.dialled(w.expect_dial());
  auto const c = w.expect_start();
  w.log_in(c);
  w.expect_login_finished(true);
  w.expect_start(id, c);
  w.replies(c, 401);
  CHECK(w.expect_start() == c);
  w.log_in(c);
  w.expect_login_finished(true);
  w.expect_start(id, c);
  w.replies(c, 401);
  auto const e = w.expect_failure(id, error_kind::auth, "refresh_failed");
  CHECK(e.http_status() == 401);
  w.expect_nothing();
  auto const next = w.submit();
  w.expect_start(next, c);
  w.replies(c, 401);
  w.expect_start(next, c);
  w.replies(c, 401);
  w.expect_failure(next, error_kind::auth, "refresh_failed");
  w.expect_nothing();
}

TEST_CASE("S16 a storm of 401s, with many calls at once for ten minutes, costs three logins a cool-down at most") {
  world w(logging_in(16));
  unsigned logins = 0;
  std::vector<connection_id> busy;
  for (int round = 0; round < 60; ++round) {
    for (int i = 0; i < 20; ++i)
      w.submit();
    for (int step = 0; step < 60; ++step) {
      while (w.decided(action::type::dial))
        w.dialled(w.expect_dial());
      while (w.decided(action::type::start))
        busy.push_back(w.expect_start());
      if (busy.empty())
        break;
      auto const c = busy.front();
      busy.erase(busy.begin());
      bool const login = w.d.running(w.on(c), c) == call_kind::login;
      logins += login ? 1U : 0U;
      w.replies(c, login ? 200 : 401);
      if (step % 3 == 0)
        w.submit(); // calls that come while others are repeated
    }
    w.pass(10s);
  }
  CHECK(logins >= 9);
  CHECK(logins <= 33);
}

TEST_CASE("S16 a provider that is always answered 401 stops no other's calls, and costs few logins") {
  for (unsigned const connections : {1U, 4U}) { // one call after the other, and side by side
    world w(logging_in(connections));
    unsigned logins = 0;
    std::vector<call_id> bad;
    for (int round = 0; round < 100; ++round) { // in ten minutes
      bad = {w.submit()};
      std::vector<call_id> good = {w.submit(), w.submit()};
      std::size_t ended = 0;
      while (ended != good.size() + bad.size()) {
        while (w.decided(action::type::dial))
          w.dialled(w.expect_dial());
        auto const c = w.expect_start();
        auto const id = w.on(c);
        bool const login = w.d.running(id, c) == call_kind::login;
        logins += login ? 1U : 0U;
        w.replies(c, login || id != bad.front() ? 200 : 401);
        while (w.decided(action::type::login_finished))
          w.expect_login_finished(true);
        for (auto const good_one : good)
          if (id == good_one)
            w.expect_success(id), ++ended;
        if (id == bad.front() && w.decided(action::type::complete))
          w.expect_failure(id, error_kind::auth, "refresh_failed"), ++ended;
      }
      w.pass(6s);
    }
    CHECK(logins <= 30);
  }
}

TEST_CASE("S7 a 403 is never cured by a login") {
  world w(logging_in());
  auto const c = w.open_logged_in();
  auto const id = w.submit();
  w.expect_start(id, c);
  w.replies(c, 403);
  w.expect_failure(id, error_kind::standard);
  w.expect_nothing();
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

TEST_CASE("a call that wants no more than a session makes no request of its own") {
  world w(logging_in());
  call_request const session_only{.deadline = 30s, .max_attempts = 1, .idempotent = true, .asks = false};
  auto const id = w.submit(session_only);
  auto const c = w.expect_dial();
  w.dialled(c);
  CHECK(w.expect_start() == c);
  w.log_in(c);
  w.expect_login_finished(true);
  w.expect_success(id);
  w.expect_success(w.submit(session_only)); // there is one
  w.expect_nothing();
  world nobody;
  nobody.expect_success(nobody.submit(session_only));
  nobody.expect_nothing();
}

TEST_CASE("a session that was given away is not logged out, and the next one is") {
  for (bool const renewed : {false, true}) {
    world w(logging_in());
    auto const c = w.open_logged_in();
    CHECK(w.d.release_session());
    if (renewed) {
      auto const id = w.submit();
      w.expect_start(id, c);
      w.replies(c, 401);
      w.expect_start();
      w.log_in(c);
      w.expect_login_finished(true);
      w.expect_start(id, c);
      w.replies(c, 200);
      w.expect_success(id);
    }
    w.close();
    if (renewed) {
      w.expect_start();
      CHECK(w.d.running(w.on(c), c) == call_kind::logout);
      w.replies(c, 204);
    }
    w.expect_close(c);
    w.expect_closed();
    w.expect_nothing();
  }
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
