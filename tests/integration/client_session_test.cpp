// Sessions: one login for many calls, healed after they expire, never hammered, never leaked, logged out at the end.
#include "client_fixture.hpp"

#include <boost/asio/post.hpp>

#include <atomic>
#include <memory>
#include <mutex>
#include <stdexcept>

namespace asio = boost::asio;
using namespace hvc::test;

namespace {

constexpr auto user = "administrator@vsphere.local";
constexpr auto password = "Correct-Horse-9";

hvc::client_options with_login(world const& w, std::string p = password) {
  return w.options().credentials(hvc::user_password(user, std::move(p)));
}

// Logins that reached the server, refused ones included.
class login_watch {
public:
  explicit login_watch(hvc::simulator& s) {
    s.on_request([this](hvc::simulated_request const& r) -> std::optional<hvc::canned_reply> {
      if (r.method != "POST" || r.target != "/api/session")
        return std::nullopt;
      ++tried_;
      std::lock_guard lock(mutex_);
      return reply_;
    });
  }
  void answer(std::optional<hvc::canned_reply> r) {
    std::lock_guard lock(mutex_);
    reply_ = std::move(r);
  }
  [[nodiscard]] unsigned tried() const noexcept { return tried_; }

private:
  std::mutex mutex_;
  std::optional<hvc::canned_reply> reply_;
  std::atomic<unsigned> tried_ = 0;
};

using source = hvc::authorization_source;

// Every text an error has.
std::string all_text(hvc::error const& e) {
  auto text = e.message() + std::string(e.body_excerpt()) + std::string(e.content_type()) + hvc::exception(e).what();
  if (auto const s = e.standard()) {
    text += s->data.json() + s->challenge.value_or("") + std::string(s->error_type.name());
    for (auto const& m : s->messages) {
      text += m.id + m.default_message + m.localized.value_or("");
      for (auto const& a : m.args)
        text += a;
    }
    for (auto const& n : s->notes)
      text += n;
  }
  return text;
}

// Every text an observer is given.
class eavesdropper final : public hvc::observer {
public:
  void connection_closed(hvc::error const* why) override { hear(why); }
  void retrying(hvc::error const& cause, std::chrono::milliseconds) override { hear(&cause); }
  void login_finished(hvc::error const* failed) override { hear(failed); }
  std::string heard;

private:
  void hear(hvc::error const* e) { heard += e != nullptr ? all_text(*e) : std::string(); }
};

} // namespace

TEST_CASE("S2 many calls at once share one login") {
  world w(with_user(user, password));
  {
    auto c = w.make_client(with_login(w));
    calls many(w);
    for (unsigned i = 0; i < 200; ++i)
      many.get(c);
    many.wait();
    CHECK(many.all("OK"));
    CHECK(w.server.logins() == 1);
    CHECK(c.stats().logins == 1);
    w.close(c);
    CHECK(w.server.logouts() == 1);
    CHECK(w.server.live_sessions() == 0);
  }
  CHECK(w.run_out());
}

TEST_CASE("S2 a session that expires under 1,000 calls is healed by one login, and all calls succeed") {
  world w(with_user(user, password));
  auto c = w.make_client(with_login(w));
  REQUIRE(w.get(c).has_value());
  calls many(w);
  for (unsigned i = 0; i < 1000; ++i)
    many.get(c);
  REQUIRE(w.run_until([&] { return many.ended() >= 300; }));
  w.server.expire_sessions();
  many.wait();
  CHECK(many.all("OK"));
  CHECK(w.server.logins() == 2);
}

TEST_CASE("S1 a session that expired while idle is renewed, and the call repeated once") {
  world w(with_user(user, password));
  auto c = w.make_client(with_login(w));
  for (unsigned i = 1; i <= 5; ++i) {
    auto const r = w.get(c);
    REQUIRE(r.has_value());
    CHECK(w.server.logins() == i);
    w.server.expire_sessions();
  }
}

TEST_CASE("S3 a refused password ends every waiting call, and is not tried again during the cool-down") {
  world w(with_user(user, password));
  login_watch watch(w.server);
  auto c = w.make_client(with_login(w, "Wrong-Horse-9"));
  for (unsigned round = 0; round < 5; ++round) {
    calls many(w);
    for (unsigned i = 0; i < 50; ++i)
      many.get(c);
    many.wait();
    CHECK(many.all("auth(login_refused)"));
    CHECK(many[0].error().http_status() == 401);
    CHECK_FALSE(many[0].error().retryable());
    CHECK(many[0].error().stage() == hvc::stage::login);
  }
  CHECK(watch.tried() == 1);
  CHECK(w.server.logins() == 0);
}

TEST_CASE("S3 after the cool-down a login is tried again") {
  world w(with_user(user, password));
  login_watch watch(w.server);
  auto c = w.make_client(with_login(w).login_cool_down(1ms));
  w.server.set_credentials(user, "changed");
  CHECK(outcome_of(w.get(c)) == "auth(login_refused)");
  w.server.set_credentials(user, password);
  REQUIRE(w.run_until([&] { return w.get(c).has_value(); }));
  CHECK(watch.tried() <= 4);
}

TEST_CASE("S4 a server with no session to spare is told from a wrong password, and not hammered") {
  auto o = with_user(user, password);
  o.session_limit = 0;
  world w(o);
  login_watch watch(w.server);
  auto c = w.make_client(with_login(w));
  auto const r = w.get(c);
  REQUIRE(outcome_of(r) == "auth(no_session)");
  CHECK(r.error().http_status() == 503);
  CHECK(r.error().retryable());
  CHECK(r.error().message().find("limited to 0") != std::string::npos);
  CHECK(watch.tried() <= 3);
}

TEST_CASE("S5 a proxy that answers the login with HTML is auth(no_session)") {
  world w(with_user(user, password));
  login_watch watch(w.server);
  watch.answer(hvc::canned_reply(200, "<html>Welcome</html>", "text/html"));
  auto c = w.make_client(with_login(w));
  CHECK(outcome_of(w.get(c)) == "auth(no_session)");
}

TEST_CASE("S6 a fresh session that is rejected as well ends with auth(refresh_failed), and a cool-down") {
  std::atomic<unsigned> logins = 0; // outlives the server, which is asked until its client has logged out
  world w(with_user(user, password));
  w.server.on_request([&](hvc::simulated_request const& r) -> std::optional<hvc::canned_reply> {
    if (r.target == "/api/session") {
      logins += r.method == "POST";
      return std::nullopt;
    }
    return hvc::canned_reply(401, R"({"error_type":"UNAUTHENTICATED","messages":[]})");
  });
  auto c = w.make_client(with_login(w));
  CHECK(outcome_of(w.get(c)) == "auth(refresh_failed)");
  CHECK(logins == 2);
  calls many(w); // S16: a storm of 401
  for (unsigned i = 0; i < 50; ++i)
    many.get(c);
  many.wait();
  CHECK(many.all("auth(refresh_failed)"));
  CHECK(logins == 2);
}

TEST_CASE("S7 a 403 never causes a login, whatever its body says") {
  world w(with_user(user, password));
  auto c = w.make_client(with_login(w));
  REQUIRE(w.get(c).has_value());
  SECTION("unauthorized") {
    w.server.fail_with({.error_type = hvc::error_type::unauthorized});
    auto const r = w.get(c);
    REQUIRE(outcome_of(r) == "standard");
    CHECK(r.error().http_status() == 403);
  }
  SECTION("unauthenticated, says the body") {
    w.server.fail_with({.error_type = hvc::error_type::unauthenticated}, 403);
    CHECK(outcome_of(w.get(c)) == "standard");
  }
  CHECK(w.server.logins() == 1);
}

TEST_CASE("S7 a 401 on a ready-made token is a standard error: no login, no repeat, no log-out") {
  world w(with_user(user, password));
  {
    auto c = w.make_client(w.options().credentials(hvc::session_token("0123456789abcdef")));
    auto const r = w.get(c);
    REQUIRE(outcome_of(r) == "standard");
    REQUIRE(r.error().standard());
    CHECK(r.error().standard()->error_type == hvc::error_type::unauthenticated);
    CHECK(r.error().standard()->challenge.has_value());
    CHECK(r.error().http_status() == 401);
    CHECK(r.error().attempts() == 1);
    w.close(c);
  }
  CHECK(w.server.requests() == 1);
}

TEST_CASE("a ready-made token is sent as it is, and its session is left alone") {
  world w;
  std::string seen;
  w.server.on_request([&](hvc::simulated_request const& r) -> std::optional<hvc::canned_reply> {
    seen = r.field("vmware-api-session-id");
    return std::nullopt;
  });
  auto c = w.make_client(w.options().credentials(hvc::session_token("ready-made")));
  REQUIRE(w.get(c).has_value());
  CHECK(seen == "ready-made");
  w.close(c);
  CHECK(w.server.requests() == 1);
}

TEST_CASE("S10 a token that would be no header field is never sent") {
  world w(with_user(user, password));
  login_watch watch(w.server);
  auto c = w.make_client(with_login(w));
  for (auto const* body : {R"("a\r\nX-Evil: 1")", R"("a\u0000b")", R"("")", R"("a b")", "{}", "42", "null", "unquoted",
                           "[\"a\"]", "\"a\"\"b\""}) {
    CAPTURE(body);
    watch.answer(hvc::canned_reply(201, body));
    CHECK(outcome_of(w.get(c)) == "auth(no_session)");
  }
  watch.answer(hvc::canned_reply(201, '"' + std::string(4097, 't') + '"'));
  CHECK(outcome_of(w.get(c)) == "auth(no_session)");
  CHECK(w.server.requests() == watch.tried()); // no call went out
}

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

TEST_CASE("a destroyed client logs out, and its io_context runs out of work") {
  world w(with_user(user, password));
  {
    auto c = w.make_client(with_login(w));
    REQUIRE(w.get(c).has_value());
    CHECK(w.server.live_sessions() == 1);
  }
  CHECK(w.run_out());
  CHECK(w.server.live_sessions() == 0);
  CHECK(w.server.logouts() == 1);
}

TEST_CASE("S13 a log-out that hangs is given up after its time") {
  world w(with_user(user, password));
  auto o = with_login(w);
  o.timeouts().logout = 50ms;
  auto c = w.make_client(o);
  REQUIRE(w.get(c).has_value());
  w.server.on_request([](hvc::simulated_request const& r) -> std::optional<hvc::canned_reply> {
    if (r.method != "DELETE")
      return std::nullopt;
    hvc::canned_reply late(204, "", "");
    late.delay = 10s;
    return late;
  });
  auto const before = std::chrono::steady_clock::now();
  w.close(c);
  auto const took = std::chrono::steady_clock::now() - before;
  CHECK(took >= 50ms);
  CHECK(took < 3s);
  CHECK(w.run_out(5s));
}

TEST_CASE("S13 a log-out that fails or finds its connection closed ends the close all the same") {
  world w(with_user(user, password));
  auto c = w.make_client(with_login(w));
  REQUIRE(w.get(c).has_value());
  SECTION("refused") {
    w.server.on_request([](auto const&) { return hvc::canned_reply(500, "no"); });
  }
  SECTION("the server is gone") { w.server.stop(); }
  w.close(c);
  CHECK(w.run_out(5s));
}

TEST_CASE("S7 calls made during a re-login all carry the new session") {
  world w(with_user(user, password));
  std::mutex mutex;
  std::vector<std::string> tokens;
  w.server.on_request([&](hvc::simulated_request const& r) -> std::optional<hvc::canned_reply> {
    if (r.method == "GET") {
      std::lock_guard lock(mutex);
      tokens.emplace_back(r.field("vmware-api-session-id"));
    }
    return std::nullopt;
  });
  auto o = with_login(w);
  o.pool().max_connections = 1;
  auto c = w.make_client(o);
  REQUIRE(w.get(c).has_value());
  w.server.expire_sessions();
  calls many(w);
  for (unsigned i = 0; i < 20; ++i)
    many.get(c);
  many.wait();
  CHECK(many.all("OK"));
  // The first of the twenty met the 401 with the old token; those that queued behind it took what was valid when they
  // left.
  std::lock_guard lock(mutex);
  CHECK(w.server.logins() == 2);
  CHECK(tokens.size() <= 1 + 20 + 2);
}

TEST_CASE("S15 I9 no secret is in any text of an error, even where the server echoes it") {
  world w(with_user(user, password));
  std::string token = "tok-0123456789-secret";
  constexpr auto basic = "YWRtaW5pc3RyYXRvckB2c3BoZXJlLmxvY2FsOkNvcnJlY3QtSG9yc2UtOQ==";
  auto const clean = [&](hvc::error const& e) {
    auto const text = all_text(e);
    CAPTURE(text);
    CHECK(text.find(token) == std::string::npos);
    CHECK(text.find(password) == std::string::npos);
    CHECK(text.find(basic) == std::string::npos);
  };
  SECTION("a refused login") {
    auto c = w.make_client(with_login(w));
    w.server.set_credentials(user, "other");
    clean(w.get(c).error());
  }
  SECTION("a server that repeats what it was told: to a login, to a call, in an error, a page, a type, or bad JSON") {
    auto const told = std::make_shared<eavesdropper>();
    std::string secret;
    for (auto const* const field : {"authorization", "vmware-api-session-id"})
      for (int const status : {200, 400, 503})
        for (auto const* const shape :
             {R"({"error_type":"%","messages":[{"id":"%","default_message":"%","args":["%"]}],"data":{"%":"%"}})",
              "<html>%</html>", R"({"status":"SUCCEEDED","%":1,"%":2,"last_sync_time":"%"})", "%"}) {
          CAPTURE(field, status, shape);
          w.server.on_request([&](hvc::simulated_request const& r) -> std::optional<hvc::canned_reply> {
            auto const value = std::string(r.field(field));
            if (value.empty())
              return std::nullopt;
            secret = value.substr(value.find(' ') + 1); // Basic
            std::string echo;
            for (char const* p = shape; *p != '\0'; ++p)
              *p == '%' ? (echo += secret + ' ' + password) : (echo += *p);
            return hvc::canned_reply(status, echo, shape[0] == '{' ? "application/json" : "text/" + secret);
          });
          auto c = w.make_client(with_login(w).observer(told));
          auto const r = w.get(c);
          w.server.on_request(nullptr);
          REQUIRE(r.has_error());
          REQUIRE_FALSE(secret.empty());
          for (auto const& text : {all_text(r.error()), told->heard}) {
            CAPTURE(text);
            CHECK(text.find(secret) == std::string::npos);
            CHECK(text.find(password) == std::string::npos);
          }
        }
  }
  SECTION("a server that repeats the value a source gave") {
    auto const value = std::string("Bearer a-bearer-s-secret");
    auto const clean_of_value = [&](hvc::client& c) {
      for (int const status : {200, 401, 502}) {
        w.server.on_request([&](hvc::simulated_request const& r) {
          return hvc::canned_reply(status, "told: " + std::string(r.field("authorization")), "text/plain");
        });
        auto const r = w.get(c);
        REQUIRE(r.has_error());
        CHECK(all_text(r.error()).find("a-bearer-s-secret") == std::string::npos);
      }
    };
    for (auto const use : {source::use::every_request, source::use::login}) {
      auto c = w.make_client(
          w.options().credentials(source(use, [&](source::completion done) { std::move(done)(nullptr, value); })));
      clean_of_value(c);
    }
  }
  SECTION("a login whose answer is no token, but nearly one") {
    login_watch watch(w.server);
    watch.answer(hvc::canned_reply(201, "{\"value\":\"" + token + "\"}"));
    auto c = w.make_client(with_login(w));
    clean(w.get(c).error());
  }
  SECTION("a call with a token, on which the reply breaks off, is no JSON or stalls") {
    auto c = w.make_client(w.options().credentials(hvc::session_token(token)));
    w.server.set_credentials("", "");
    for (auto const* fault : {"truncate", "html", "bad-length", "garbage", "403", "close", "no-json"}) {
      w.server.fault_next(fault);
      auto const r = w.get(c, "link-1", "provider-1", hvc::call_options().attempts(1));
      if (!r)
        clean(r.error());
    }
  }
}

TEST_CASE("log_in makes sure of a session and asks for nothing else; without a login there is nothing to do") {
  world w(with_user(user, password));
  auto const log_in = [&w](hvc::client& c) {
    std::optional<hvc::result<void>> r;
    c.log_in([&](hvc::result<void> x) { r = x; });
    REQUIRE(w.run_until([&] { return r.has_value(); }));
    return outcome_of(*r);
  };
  auto c = w.make_client(with_login(w));
  CHECK(log_in(c) == "OK");
  CHECK(log_in(c) == "OK");
  CHECK(w.server.logins() == 1);
  CHECK(w.server.requests() == 1);
  auto wrong = w.make_client(with_login(w, "Wrong-Horse-9"));
  CHECK(log_in(wrong) == "auth(login_refused)");
  auto nobody = w.make_client();
  CHECK(log_in(nobody) == "OK");
  CHECK(w.server.requests() == 2);
}

TEST_CASE("a session that is released serves another client after the first is closed") {
  world w(with_user(user, password));
  auto first = w.make_client(with_login(w));
  CHECK(!first.release_session());
  REQUIRE(w.get(first).has_value());
  auto const token = first.release_session();
  REQUIRE(token.has_value());
  CHECK(!first.release_session());
  w.close(first);
  auto second = w.make_client(w.options().credentials(*token));
  CHECK(outcome_of(w.get(second)) == "OK");
  CHECK(!second.release_session());
  w.close(second);
  CHECK(w.server.logins() == 1);
  CHECK(w.server.logouts() == 0);
  CHECK(w.server.live_sessions() == 1);
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
