// The dispatcher's dealings with the session.
#include "world.hpp"

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
    CHECK(w.expect_login_finished(false).why->reason() == "login_refused");
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

TEST_CASE("a call that wants no more than a session makes no request of its own") {
  world w(logging_in());
  call_request const session_only{.deadline = 30s, .max_attempts = 1, .idempotent = true, .asks = false};
  auto const id = w.submit(session_only);
  auto const c = w.expect_start_on_new();
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
