// Sessions: one login for many calls, healed after they expire, never hammered, logged out at the end.
#include "session_fixture.hpp"

using namespace hvc::test;

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

TEST_CASE("S9 calls whose deadlines are shorter than the login leave no session behind, closed or destroyed") {
  auto so = with_user(user, password);
  so.latency = 150ms;
  world w(so);
  for (bool const destroyed : {false, true}) {
    std::optional<hvc::client> c(w.make_client(with_login(w).deadline(20ms)));
    for (int i = 0; i < 5; ++i)
      CHECK(outcome_of(w.get(*c)) == "deadline");
    CHECK(c->stats().logins == 0); // as far as is known
    if (destroyed) {
      c.reset();
      CHECK(w.run_out());
    } else {
      w.close(*c);
    }
    CHECK(w.server.wait_until([&] { return w.server.logouts() == w.server.logins(); }));
  }
  CHECK(w.server.logins() == 2);
  CHECK(w.server.live_sessions() == 0);
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
