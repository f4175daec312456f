// No secret is in any text the library makes.
#include "session_fixture.hpp"

#include "holds.hpp"

using namespace hvc::test;

namespace {

// Every text an observer is given.
class eavesdropper final : public hvc::observer {
public:
  void connection_closed(hvc::error const* why) override { hear(why); }
  void retrying(std::string_view, hvc::error const& cause, std::chrono::milliseconds) override { hear(&cause); }
  void login_finished(hvc::error const* failed) override { hear(failed); }
  std::string heard;

private:
  void hear(hvc::error const* e) { heard += e != nullptr ? all_text(*e) : std::string(); }
};

} // namespace

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
  SECTION("a server that repeats the password as its writer of JSON escapes it") {
    w.server.set_credentials(user, "Pa&ss<wörd>");
    for (auto const* const echo : {R"(Pa\u0026ss\u003cwörd\u003e)", R"(Pa&ss<w\u00f6rd>)", R"(\u0050a&ss<wörd>)"}) {
      CAPTURE(echo);
      auto const told = R"({"error_type":"ERROR","messages":[],"data":{"pw":")" + std::string(echo) + "\"}}";
      for (auto const& [body, data] : {std::pair(told, R"({"pw":"***"})"), std::pair('[' + told + ']', "")}) {
        w.server.on_request([&body = body](hvc::simulated_request const& r) -> std::optional<hvc::canned_reply> {
          return r.method == "GET" ? std::optional(hvc::canned_reply(400, body)) : std::nullopt;
        });
        auto c = w.make_client(with_login(w, "Pa&ss<wörd>"));
        auto const e = w.get(c).error();
        w.server.on_request(nullptr);
        CHECK(e.http_status() == 400);
        CHECK((e.standard() ? e.standard()->data.json() : "") == data);
        CHECK(all_text(e).find(echo) == std::string::npos);
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
    for (auto const use : {hvc::authorization_source::use::every_request, hvc::authorization_source::use::login}) {
      auto c = w.make_client(w.options().credentials(hvc::authorization_source(
          use, [&](hvc::authorization_source::completion done) { std::move(done)(nullptr, value); })));
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

TEST_CASE("I9 a session that was renewed while a call was under way is no less secret") {
  world w(with_user(user, password));
  auto c = w.make_client(with_login(w));
  REQUIRE(w.get(c).has_value());
  std::string token;
  w.server.on_request([&token](hvc::simulated_request const& r) -> std::optional<hvc::canned_reply> {
    if (r.provider != "provider-2")
      return std::nullopt;
    token = r.field("vmware-api-session-id");
    hvc::canned_reply told(502, "told: " + token, "text/plain");
    told.delay = 200ms;
    return told;
  });
  calls in_flight(w);
  in_flight.get(c, "link-1", "provider-2", hvc::call_options().attempts(1));
  REQUIRE(w.run_until([&] { return c.stats().busy == 1; }));
  w.server.expire_sessions();
  REQUIRE(w.get(c).has_value());
  CHECK(w.server.logins() == 2);
  in_flight.wait();
  REQUIRE(in_flight[0].has_error());
  REQUIRE(token.size() > 8);
  CHECK(holds(all_text(in_flight[0].error()), "told: ***"));
  CHECK(!holds(all_text(in_flight[0].error()), token));
}

TEST_CASE("I9 each part of what a source gave is secret") {
  world w;
  std::string const value = R"(SIGN token="SAML-SECRET-ASSERTION", signature="c2lnbmF0dXJl")";
  w.server.on_request([](hvc::simulated_request const&) {
    return hvc::canned_reply(502, "invalid SAML-SECRET-ASSERTION, or c2lnbmF0dXJl", "text/plain");
  });
  auto c = w.make_client(w.options().credentials(
      hvc::authorization_source(hvc::authorization_source::use::every_request,
                                [&](hvc::authorization_source::completion done) { std::move(done)(nullptr, value); })));
  CHECK(w.get(c).error().body_excerpt() == "invalid ***, or ***");
}
