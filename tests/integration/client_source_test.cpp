// Sources of the Authorization header and of sessions: asked when they must be, bounded, and no danger to the client.
#include "session_fixture.hpp"

#include <boost/asio/post.hpp>

#include <memory>
#include <stdexcept>

namespace asio = boost::asio;
using namespace hvc::test;

using source = hvc::authorization_source;

TEST_CASE("S14 a source is asked for each request, and what it says is sent") {
  hvc::simulator_options o;
  o.authorization = "Bearer 42";
  world w(o);
  unsigned asked = 0;
  auto c = w.make_client(w.options().credentials(source(source::use::every_request, [&](source::completion done) {
    ++asked;
    std::move(done)(nullptr, "Bearer 42");
  })));
  CHECK(w.get(c).has_value());
  CHECK(w.get(c).has_value());
  CHECK(asked == 2);
  w.close(c);
  CHECK(w.server.requests() == 2); // no session: no login, no log-out
}

TEST_CASE("S14 a source that is asked for a login is asked again after a 401") {
  hvc::simulator_options o;
  o.authorization = "SIGN token=\"abc\"";
  world w(o);
  unsigned asked = 0;
  auto c = w.make_client(w.options().credentials(source(source::use::login, [&](source::completion done) {
    ++asked;
    asio::post(w.context, [done = std::move(done)]() mutable { std::move(done)(nullptr, "SIGN token=\"abc\""); });
  })));
  calls many(w);
  for (unsigned i = 0; i < 50; ++i)
    many.get(c);
  many.wait();
  CHECK(many.all("OK"));
  CHECK(asked == 1);
  w.server.expire_sessions();
  CHECK(w.get(c).has_value());
  CHECK(asked == 2);
  w.close(c);
  CHECK(w.server.logouts() == 1);
}

TEST_CASE("S14 a source that fails, throws or answers nonsense ends the call with auth(no_session)") {
  world w;
  for (auto const use : {source::use::login, source::use::every_request}) {
    std::vector<source::function> const bad{
        [](source::completion done) {
          std::move(done)(std::make_exception_ptr(std::runtime_error("secret-reason")), std::string());
        },
        [](source::completion) { throw std::runtime_error("secret-reason"); },
        [](source::completion) { throw 42; }, // NOLINT
        [](source::completion done) { std::move(done)(nullptr, ""); },
        [](source::completion done) { std::move(done)(nullptr, "Bearer a\r\nX-Evil: 1"); },
        [](source::completion done) { std::move(done)(nullptr, std::string("a\0b", 3)); },
        [&w](source::completion done) { // from elsewhere, later
          asio::post(w.context, [d = std::move(done)]() mutable { std::move(d)(nullptr, "\n"); });
        }};
    for (auto const& ask : bad) {
      auto c = w.make_client(w.options().credentials(source(use, ask)));
      auto const r = w.get(c);
      CHECK(outcome_of(r) == "auth(no_session)");
      CHECK(r.error().stage() == hvc::stage::login);
      CHECK(all_text(r.error()).find("secret-reason") == std::string::npos);
    }
  }
  CHECK(w.server.requests() == 0);
}

TEST_CASE("S14 a source that never answers is bounded by the call's deadline") {
  world w;
  std::vector<source::completion> kept;
  bool drop = false;
  for (auto const use : {source::use::login, source::use::every_request}) {
    auto c = w.make_client(w.options().credentials(source(use, [&](source::completion done) {
      if (!drop)
        kept.push_back(std::move(done));
    })));
    for (int i = 0; i < 2; ++i) {
      drop = i == 1; // destroyed, unanswered
      auto const r = w.get(c, "link-1", "provider-1", hvc::call_options().deadline(20ms));
      CHECK(outcome_of(r) == "deadline");
      CHECK(r.error().stage() == hvc::stage::login);
    }
    std::move(kept.back())(nullptr, "Bearer late"); // the call is over
    kept.clear();
  }
  CHECK(w.run_out());
}

TEST_CASE("S14 a late answer of a source is not taken for another call's") {
  hvc::simulator_options o;
  o.authorization = "Bearer right";
  world w(o);
  std::vector<source::completion> kept;
  auto c = w.make_client(w.options().credentials(
      source(source::use::every_request, [&](source::completion done) { kept.push_back(std::move(done)); })));
  CHECK(outcome_of(w.get(c, "link-1", "provider-1", hvc::call_options().deadline(5ms))) == "deadline");
  calls second(w); // lives where the first one lived
  second.get(c);
  REQUIRE(w.run_until([&] { return kept.size() == 2; }));
  std::move(kept[1])(nullptr, "Bearer right");
  std::move(kept[0])(nullptr, "Bearer wrong");
  second.wait();
  CHECK(second.all("OK"));
}

TEST_CASE("S14 a source may use the client that asks it, and is never asked inside the initiating call") {
  hvc::simulator_options o;
  o.authorization = "Bearer 42";
  world w(o);
  std::unique_ptr<hvc::client> c;
  bool initiating = false, inner = false;
  unsigned asked = 0;
  c = std::make_unique<hvc::client>(
      w.context.get_executor(),
      w.options().credentials(source(source::use::every_request, [&](source::completion done) {
        CHECK_FALSE(initiating);
        static_cast<void>(c->stats());
        if (++asked == 1)
          c->list_links([&](auto const& r) { inner = r.has_value(); });
        std::move(done)(nullptr, "Bearer 42");
      })));
  calls outer(w);
  initiating = true;
  outer.get(*c);
  initiating = false;
  outer.wait();
  CHECK(outer.all("OK"));
  CHECK(w.run_until([&] { return inner; }));
}

TEST_CASE("S14 a source may destroy the client that asks it") {
  world w;
  std::unique_ptr<hvc::client> c;
  source::completion kept;
  c = std::make_unique<hvc::client>(w.context.get_executor(),
                                    w.options().credentials(source(source::use::login, [&](source::completion done) {
                                      kept.swap(done);
                                      c.reset();
                                    })));
  calls one(w);
  one.get(*c);
  one.wait();
  CHECK(one.all("closed"));
  std::move(kept)(nullptr, "Bearer late");
  CHECK(w.run_out());
}

TEST_CASE("a source of sessions is told the token that no longer holds, and asked once for all calls") {
  world w(with_user(user, password));
  auto const new_token = [&w] {
    auto c = w.make_client(with_login(w));
    REQUIRE(w.get(c).has_value());
    std::string const token = c.release_session().value().token();
    w.close(c);
    return token;
  };
  std::vector<std::string> rejected, given;
  auto c = w.make_client(w.options().credentials(hvc::session_source([&](std::string old, auto done) {
    rejected.push_back(old);
    given.push_back(new_token());
    std::move(done)(nullptr, given.back());
  })));
  calls many(w);
  for (unsigned i = 0; i < 100; ++i)
    many.get(c);
  many.wait();
  CHECK(many.all("OK"));
  CHECK(rejected == std::vector<std::string>{""});
  w.server.expire_sessions();
  CHECK(outcome_of(w.get(c)) == "OK");
  CHECK(rejected == std::vector<std::string>{"", given.front()});
  w.close(c);
  CHECK(w.server.logouts() == 0);
}

TEST_CASE("a source that fails with an error of the library's ends its calls with that error") {
  world w(with_user(user, password));
  auto c = w.make_client(w.options().credentials(hvc::session_source([&](std::string const&, auto done) {
    std::move(done)(std::make_exception_ptr(hvc::exception(hvc::error(hvc::error_kind::auth, "login_refused"))), "");
  })));
  CHECK(outcome_of(w.get(c)) == "auth(login_refused)");
  auto by_throwing = w.make_client(w.options().credentials(
      source(source::use::login, [](auto) { throw hvc::exception(hvc::error(hvc::error_kind::connect)); })));
  CHECK(outcome_of(w.get(by_throwing)) == "connect");
  CHECK(w.server.requests() == 0);
}
