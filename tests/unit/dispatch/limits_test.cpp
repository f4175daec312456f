// Every limit of the options that is a number of calls, connections or attempts, or a time: one below, at it, one
// above.
#include "world.hpp"

#include <vector>

using namespace hvc;
using namespace hvc::dispatch;
using namespace hvc::dispatch::test;

namespace {

constexpr call_request patient{.deadline = 24h, .max_attempts = 1};

// Nothing happens until one nanosecond before, something does at the time, and nothing more after it.
template <class Happens> void happens_after(world& w, std::chrono::nanoseconds t, Happens happens) {
  w.pass(t - 1ns);
  w.expect_nothing();
  w.pass(1ns);
  happens();
  w.pass(1ns);
  w.expect_nothing();
}

// How long a used connection of such a client rests if nobody wants it.
std::chrono::nanoseconds rest_of_a_connection(settings const& s) {
  world w(s);
  w.open_used();
  auto const since = w.now;
  while (!w.decided(action::type::close))
    w.pass(w.d.next_deadline() - w.now);
  return w.now - since;
}

} // namespace

TEST_CASE("limit pool.max_connections: calls up to it have one each, one more waits") {
  for (unsigned const calls : {2U, 3U, 4U}) {
    world w(with_connections(3));
    for (unsigned n = 0; n != calls; ++n)
      w.submit();
    CHECK(w.count(action::type::dial) == std::min(calls, 3U));
    while (w.decided(action::type::dial))
      w.dialled(w.expect_dial());
    CHECK(w.count(action::type::start) == std::min(calls, 3U));
    CHECK(w.stats().waiters == (calls > 3 ? 1U : 0U));
  }
}

TEST_CASE("limit pool.max_waiters: so many calls wait, one more is pool_full") {
  auto s = with_connections(1);
  s.pool.max_waiters = 3;
  for (unsigned const waiters : {2U, 3U, 4U}) {
    world w(s);
    w.running(w.submit());
    std::vector<call_id> ids;
    for (unsigned n = 0; n != waiters; ++n)
      ids.push_back(w.submit());
    CHECK(w.stats().waiters == std::min(waiters, 3U));
    if (waiters > 3)
      w.expect_failure(ids.back(), error_kind::pool_full);
    w.expect_nothing();
  }
}

TEST_CASE("limit pool.idle_timeout: a connection rests for that, a tenth more or less, and not a nanosecond longer") {
  auto s = with_connections(1);
  s.pool.idle_timeout = 50s;
  for (s.seed = 0; s.seed != 50; ++s.seed) {
    world w(s);
    auto const c = w.open_used();
    auto const rests = rest_of_a_connection(s);
    CHECK(rests >= 45s);
    CHECK(rests <= 55s);
    happens_after(w, rests, [&] { w.expect_close(c); });
  }
}

TEST_CASE(
    "limit pool.max_lifetime: a connection takes a call until then, a tenth more or less, and none from then on") {
  auto s = with_connections(1);
  s.pool.max_lifetime = 100s;
  s.pool.idle_timeout = 10'000s;
  for (auto const late : {-1ns, 0ns, 1ns}) {
    world w(s);
    auto const c = w.open_used();
    auto const lives = rest_of_a_connection(s);
    CHECK(lives >= 90s);
    CHECK(lives <= 110s);
    w.pass(lives + late);
    auto const id = w.submit(patient);
    if (late < 0ns) {
      w.expect_start(id, c);
    } else {
      w.expect_close(c);
      w.expect_dial();
    }
    w.expect_nothing();
  }
}

TEST_CASE("limit timeouts.connect: resolving and connecting, together") {
  auto s = with_connections(1);
  s.timeouts.connect = 3s;
  world w(s);
  auto const id = w.submit(patient);
  auto const c = w.expect_dial();
  w.pass(1s);
  w.trying_address(c, 1);
  happens_after(w, 2s, [&] {
    w.expect_close(c);
    w.expect_failure(id, error_kind::connect_timeout);
  });
}

TEST_CASE("limit timeouts.handshake") {
  auto s = with_connections(1);
  s.timeouts.handshake = 3s;
  world w(s);
  auto const id = w.submit(patient);
  auto const c = w.expect_dial();
  w.trying_address(c, 1);
  w.handshaking(c);
  happens_after(w, 3s, [&] {
    w.expect_close(c);
    w.expect_failure(id, error_kind::tls_timeout);
  });
}

TEST_CASE("limit timeouts.attempt: silence of the server, from the request on") {
  auto s = with_connections(1);
  s.timeouts.attempt = 3s;
  world w(s);
  auto const c = w.running(w.submit(patient));
  happens_after(w, 3s, [&] { w.expect_probe(c); });
}

TEST_CASE("limit timeouts.logout") {
  auto s = small_settings(authentication::login);
  s.timeouts.logout = 3s;
  world w(s);
  auto const c = w.open_logged_in();
  w.close();
  w.expect_start();
  happens_after(w, 3s, [&] {
    w.expect_abort(c, w.on(c));
    w.expect_closed();
  });
}

TEST_CASE("limit deadline: of a call, wherever it stands") {
  for (bool const waits : {false, true}) {
    world w(with_connections(1));
    auto const c = w.running(w.submit(patient));
    if (waits) {
      auto const id = w.submit({.deadline = 3s, .max_attempts = 1});
      happens_after(w, 3s, [&] { w.expect_failure(id, error_kind::deadline); });
    } else {
      w.replies(c, 200);
      w.expect_success(w.on(c));
      auto const id = w.submit({.deadline = 3s, .max_attempts = 1});
      w.expect_start(id, c);
      happens_after(w, 3s, [&] {
        w.expect_abort(c, id);
        w.expect_failure(id, error_kind::deadline);
      });
    }
  }
}

TEST_CASE("limit retry.attempts: so many, and no more") {
  for (unsigned const failures : {2U, 3U, 4U}) {
    world w(with_connections(1));
    auto const id = w.submit({.deadline = 24h, .max_attempts = 3});
    auto const c = w.running(id);
    unsigned attempts = 1;
    for (; attempts != failures && attempts != 3; ++attempts) {
      w.replies(c, 503);
      w.pass(w.expect_retry(id));
      w.expect_start(id, c);
    }
    w.replies(c, failures >= 3 ? 503 : 200);
    CHECK(w.expect_complete(id).attempts == std::min(failures, 3U));
    w.pass(1h);
    CHECK_FALSE(w.decided(action::type::start));
  }
}

TEST_CASE("limit login_cool_down: no login before it is over") {
  auto s = small_settings(authentication::login);
  s.login_cool_down = 30s;
  for (auto const late : {-1ns, 0ns, 1ns}) {
    world w(s);
    auto const id = w.submit();
    w.dialled(w.expect_dial());
    auto const c = w.expect_start();
    w.log_in(c, 401);
    w.expect_login_finished(false);
    w.expect_failure(id, error_kind::auth, "login_refused");
    w.pass(30s + late);
    auto const next = w.submit();
    if (late < 0ns)
      w.expect_failure(next, error_kind::auth, "login_refused");
    else
      CHECK(w.d.running(w.on(c), w.expect_start()) == call_kind::login);
    w.expect_nothing();
  }
}
