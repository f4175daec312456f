#include "catch.hpp"
#include "simulator/sessions.hpp"

using namespace hvc::simulation;
using namespace std::chrono_literals;
using outcome = sessions::outcome;

namespace {

constexpr hvc::date_time t0{1'700'000'000s};
constexpr session_limits limits{30min, 24h, 3};

} // namespace

TEST_CASE("a session lives while it is used, but no longer than its absolute time") {
  sessions s(limits, 1);
  auto const login = s.log_in("me", true, t0);
  REQUIRE(login.what == outcome::logged_in);
  CHECK(login.token.size() == 32);
  for (auto age = 0min; age < 24h; age += 29min)
    CHECK(s.use(login.token, t0 + age) != nullptr);
  CHECK(s.use(login.token, t0 + 24h) == nullptr);
}

TEST_CASE("a session ends when it is unused for the idle time") {
  sessions s(limits, 1);
  auto const login = s.log_in("me", true, t0);
  CHECK(s.use(login.token, t0 + 29min) != nullptr);
  CHECK(s.use(login.token, t0 + 59min) == nullptr);
  CHECK(s.live(t0 + 59min) == 0);
}

TEST_CASE("a session that has expired makes room for another") {
  sessions s(limits, 1);
  for (int n = 0; n != 3; ++n)
    CHECK(s.log_in("me", true, t0).what == outcome::logged_in);
  CHECK(s.log_in("me", true, t0).what == outcome::full);
  CHECK(s.log_in("me", true, t0 + 30min).what == outcome::logged_in);
}

TEST_CASE("a session is logged out once") {
  sessions s(limits, 1);
  auto const login = s.log_in("me", true, t0);
  CHECK(s.log_out(login.token, t0));
  CHECK_FALSE(s.log_out(login.token, t0));
  CHECK(s.use(login.token, t0) == nullptr);
}

TEST_CASE("five refusals within 180 s lock the account for 900 s") {
  sessions s(limits, 1);
  for (int n = 0; n != 5; ++n)
    CHECK(s.log_in("me", false, t0 + n * 40s).what == outcome::refused);
  CHECK(s.log_in("me", true, t0 + 160s + 899s).what == outcome::refused);
  CHECK(s.log_in("me", true, t0 + 160s + 900s).what == outcome::logged_in);
}

TEST_CASE("five refusals over a longer time, or with a success between, lock nothing") {
  sessions s(limits, 1);
  for (int n = 0; n != 10; ++n)
    CHECK(s.log_in("me", false, t0 + n * 45s).what == outcome::refused);
  CHECK(s.log_in("me", true, t0 + 450s).what == outcome::logged_in);
  for (int n = 0; n != 4; ++n)
    CHECK(s.log_in("me", false, t0 + 451s).what == outcome::refused);
  CHECK(s.log_in("me", true, t0 + 452s).what == outcome::logged_in);
  for (int n = 0; n != 4; ++n)
    CHECK(s.log_in("me", false, t0 + 453s).what == outcome::refused);
  CHECK(s.log_in("me", true, t0 + 454s).what == outcome::logged_in);
}

TEST_CASE("no two tokens are the same") {
  sessions s({30min, 24h, 100}, 1);
  CHECK(s.log_in("me", true, t0).token != s.log_in("me", true, t0).token);
}
