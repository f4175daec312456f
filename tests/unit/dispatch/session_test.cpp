#include "session/session.hpp"

#include "error_builder.hpp"

#include "catch.hpp"

using namespace std::chrono_literals;
using hvc::error;
using hvc::error_kind;
using hvc::session::answer;
using hvc::session::scheme;
using hvc_session = hvc::session::session;
using hvc::time_point;

namespace {
constexpr time_point start(1h);
error const refused(error_kind::auth, "login_refused");

hvc_session logged_in() {
  hvc_session s(scheme::login, 60s);
  REQUIRE(s.need(start) == answer::login);
  s.logged_in();
  return s;
}
} // namespace

TEST_CASE("without a login there is nothing to wait for, and nothing to log out of") {
  hvc_session s(scheme::fixed, 60s);
  CHECK(s.need(start) == answer::ready);
  CHECK_FALSE(s.owned());
  s.rejected(start, 0);
  s.refresh_failed(start, 0);
  CHECK(s.need(start) == answer::ready);
}

TEST_CASE("S2 many that need a session make one login") {
  hvc_session s(scheme::login, 60s);
  CHECK(s.need(start) == answer::login);
  for (int i = 0; i < 1'000; ++i)
    CHECK(s.need(start) == answer::wait);
  CHECK_FALSE(s.owned());
  s.logged_in();
  CHECK(s.owned());
  CHECK(s.generation() == 1);
  CHECK(s.need(start) == answer::ready);
}

TEST_CASE("a session that was given away is nobody's to log out of here, and the next one is") {
  auto s = logged_in();
  CHECK(s.release());
  CHECK_FALSE(s.owned());
  CHECK_FALSE(s.release());
  CHECK(s.need(start) == answer::ready);
  s.rejected(start, 1);
  CHECK(s.need(start) == answer::login);
  s.logged_in();
  CHECK(s.owned());
}

TEST_CASE("a session that somebody else makes is asked for like a login, and never logged out of") {
  hvc_session s(scheme::given, 60s);
  CHECK(s.need(start) == answer::login);
  CHECK(s.need(start) == answer::wait);
  s.logged_in();
  CHECK(s.need(start) == answer::ready);
  CHECK_FALSE(s.owned());
  CHECK_FALSE(s.release());
}

TEST_CASE("S1 a token that is no longer accepted asks for one more login") {
  auto s = logged_in();
  s.rejected(start, 1);
  CHECK_FALSE(s.owned());
  CHECK(s.need(start) == answer::login);
  s.logged_in();
  CHECK(s.generation() == 2);
  CHECK(s.need(start) == answer::ready);
}

TEST_CASE("S2 a 401 for an old token never asks for a second login") {
  auto s = logged_in();
  s.rejected(start, 1);
  CHECK(s.need(start) == answer::login);
  s.rejected(start, 1); // while it is under way
  CHECK(s.need(start) == answer::wait);
  s.logged_in();
  s.rejected(start, 1); // after it
  CHECK(s.owned());
  CHECK(s.need(start) == answer::ready);
}

TEST_CASE("S3 after a refusal nobody logs in for the cool-down, then one does") {
  hvc_session s(scheme::login, 60s);
  CHECK(s.need(start) == answer::login);
  s.login_failed(start, refused);
  CHECK(s.need(start) == answer::refuse);
  CHECK(s.refusal().reason() == "login_refused");
  CHECK(s.need(start + 60s - 1ns) == answer::refuse);
  CHECK(s.need(start + 60s) == answer::login);
  CHECK(s.need(start + 60s) == answer::wait);
}

TEST_CASE("S3 at most three refused logins fall into 180 s, under the server's lock-out of five") {
  hvc_session s(scheme::login, 60s);
  int logins = 0;
  for (auto t = start; t < start + 180s; t += 100ms)
    if (s.need(t) == answer::login) {
      ++logins;
      s.login_failed(t, refused);
    }
  CHECK(logins == 3);
}

TEST_CASE("S4 a login that fails otherwise starts no cool-down") {
  hvc_session s(scheme::login, 60s);
  CHECK(s.need(start) == answer::login);
  s.login_failed(start, error(error_kind::auth, "no_session"));
  CHECK(s.need(start) == answer::login);
  s.login_failed(start, error(error_kind::connect));
  CHECK(s.need(start) == answer::login);
}

TEST_CASE("S6 S16 after a token just logged in that does not hold either, no 401 asks for a login for the cool-down") {
  auto s = logged_in();
  s.refresh_failed(start, 1);
  CHECK(s.owned()); // to be logged out
  CHECK(s.need(start + 1s) == answer::ready);
  s.rejected(start + 60s - 1ns, 1);
  CHECK(s.need(start + 60s - 1ns) == answer::ready);
  s.held(1);
  s.rejected(start + 60s - 1ns, 1);
  CHECK(s.need(start + 60s - 1ns) == answer::ready);
  s.rejected(start + 60s, 1);
  CHECK(s.need(start + 60s) == answer::login);
}

TEST_CASE("S16 where another call asked for the next login meanwhile, that one is the last for the cool-down") {
  auto s = logged_in();
  s.rejected(start, 1);
  CHECK(s.need(start) == answer::login);
  s.refresh_failed(start, 1);
  CHECK(s.need(start) == answer::wait);
  s.logged_in();
  CHECK(s.need(start) == answer::ready); // it may be a good one
  s.rejected(start + 59s, 2);
  CHECK(s.need(start + 59s) == answer::ready);
  s.rejected(start + 60s, 2);
  CHECK(s.need(start + 60s) == answer::login);
}

TEST_CASE("S6 S12 a token that held for others, and for none since, has ended: one more login, and no second") {
  auto s = logged_in();
  s.held(1);
  s.refresh_failed(start, 1);
  s.rejected(start, 1);
  CHECK(s.need(start) == answer::login);
  s.logged_in();
  s.held(1); // told late: says nothing of the new one
  s.held(2);
  s.refresh_failed(start, 2);
  s.rejected(start, 2);
  CHECK(s.need(start) == answer::ready);
}

TEST_CASE("S6 S16 a token that goes on to hold for others is good: what is refused is the call") {
  auto s = logged_in();
  s.held(1);
  s.refresh_failed(start, 1);
  s.held(1);
  s.rejected(start + 1s, 1);
  CHECK(s.need(start + 1s) == answer::ready);
}

TEST_CASE("S6 a doubt ends with the credentials it arose under") {
  auto s = logged_in();
  s.refresh_failed(start, 1);
  s.change(scheme::login);
  CHECK(s.need(start) == answer::login);
  s.logged_in();
  s.rejected(start, s.generation());
  CHECK(s.need(start) == answer::login);
}

TEST_CASE("S6 what an old token did says nothing of the present one") {
  auto s = logged_in();
  s.rejected(start, 1);
  CHECK(s.need(start) == answer::login);
  s.logged_in();
  s.refresh_failed(start, 1);
  CHECK(s.owned());
  s.rejected(start, 2);
  CHECK(s.need(start) == answer::login);
}

TEST_CASE("S9 an abandoned login leaves no trace: the next call starts anew") {
  hvc_session s(scheme::login, 60s);
  CHECK(s.need(start) == answer::login);
  s.login_abandoned();
  CHECK_FALSE(s.owned());
  CHECK(s.need(start) == answer::login);
}
