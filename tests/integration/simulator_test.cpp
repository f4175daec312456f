// The simulator over real TLS: that what it promises to a client is what a client gets.
#include "simulator_fixture.hpp"

using namespace hvc::test;
using namespace std::chrono_literals;

namespace {

constexpr auto json = "Content-Type: application/json\r\n";
constexpr auto me_and_secret = "Authorization: Basic bWU6c2VjcmV0\r\n"; // me:secret
constexpr auto me_and_wrong = "Authorization: Basic bWU6d3Jvbmc=\r\n";  // me:wrong

hvc::simulator_options with_user() {
  hvc::simulator_options o;
  o.user = "me";
  o.password = "secret";
  return o;
}

raw_client::reply log_in(raw_client& c, std::string_view authorization = me_and_secret) {
  return c.call("POST", "/api/session", std::string(json) + std::string(authorization));
}

std::string session_line(raw_client::reply const& login) {
  return "vmware-api-session-id: " + login.body.substr(1, login.body.size() - 2) + "\r\n";
}

hvc::standard_error error_in(raw_client::reply const& r) {
  auto e = hvc::decode_standard_error(r.body, r.status);
  REQUIRE(e.has_value());
  return *e;
}

} // namespace

TEST_CASE("every provider that is listed answers an Info that names its link and provider") {
  hvc::simulator_options o;
  o.links = 2;
  o.providers = 5;
  hvc::simulator const s(o);
  auto c = client_of(s);
  auto const links = hvc::decode_links(c.get("/api/hvc/links").body);
  REQUIRE(links.has_value());
  REQUIRE(links->size() == 2);
  for (auto const& l : *links) {
    auto const providers = hvc::decode_providers(c.get("/api/hvc/links/" + l.link + "/sync/providers").body);
    REQUIRE(providers.has_value());
    REQUIRE(providers->size() == 5);
    for (auto const& p : *providers) {
      auto const i = info_in(c.get("/api/hvc/links/" + l.link + "/sync/providers/" + p.provider));
      REQUIRE(i.status_message.has_value());
      CHECK(i.status_message->args == std::vector<std::string>{l.link, p.provider});
    }
  }
  CHECK(s.requests() == 1 + 2 + 2 * 5);
  CHECK(s.connections_accepted() == 1);
}

TEST_CASE("the health of every fourth link is bad") {
  hvc::simulator_options o;
  o.links = 4;
  hvc::simulator const s(o);
  auto c = client_of(s);
  auto const good = hvc::decode_link_health(c.get("/api/hvc/links/link-1").body);
  auto const bad = hvc::decode_link_health(c.get("/api/hvc/links/link-4").body);
  REQUIRE(good.has_value());
  REQUIRE(bad.has_value());
  CHECK(good->connection_health_status == hvc::health_status::healthy);
  CHECK_FALSE(good->health_status_message.has_value());
  CHECK(bad->connection_health_status == hvc::health_status::unhealthy);
  CHECK(bad->health_status_message->args == std::vector<std::string>{"link-4"});
}

TEST_CASE("a session is made, shown, used and ended") {
  hvc::simulator const s(with_user());
  auto c = client_of(s);
  CHECK(c.get(sync_target).status == 401);
  auto const login = log_in(c);
  REQUIRE(login.status == 201);
  CHECK(s.logins() == 1);
  CHECK(s.live_sessions() == 1);
  auto const line = session_line(login);
  CHECK(c.get(sync_target, line).status == 200);
  auto const shown = c.get("/api/session", line);
  CHECK(shown.status == 200);
  CHECK(shown.body.find(R"("user":"me","created_time":"2)") != std::string::npos);
  CHECK(c.call("DELETE", "/api/session", line).status == 204);
  CHECK(s.logouts() == 1);
  CHECK(c.get(sync_target, line).status == 401);
}

TEST_CASE("a login needs the right password and the content type") {
  hvc::simulator const s(with_user());
  auto c = client_of(s);
  CHECK(c.call("POST", "/api/session", me_and_secret).status == 500);
  CHECK(log_in(c, "").status == 401);
  auto const refused = log_in(c, me_and_wrong);
  CHECK(refused.status == 401);
  auto const e = error_in(refused);
  CHECK(e.error_type == hvc::error_type::unauthenticated);
  CHECK(e.challenge.has_value());
  CHECK(s.live_sessions() == 0);
}

TEST_CASE("five refused logins lock the account") {
  hvc::simulator const s(with_user());
  auto c = client_of(s);
  for (int n = 0; n != 5; ++n)
    CHECK(log_in(c, me_and_wrong).status == 401);
  CHECK(log_in(c).status == 401);
}

TEST_CASE("session 551 is refused with the message the server has for it") {
  hvc::simulator s(with_user());
  auto c = client_of(s);
  for (int n = 0; n != 550; ++n)
    REQUIRE(log_in(c).status == 201);
  CHECK(s.live_sessions() == 550);
  auto const refused = log_in(c);
  CHECK(refused.status == 503);
  auto const e = error_in(refused);
  CHECK(e.error_type == hvc::error_type::service_unavailable);
  CHECK(e.messages.at(0).id == "com.vmware.vapi.endpoint.failedToLoginMaxUserSessionCountReached");
  s.expire_sessions();
  CHECK(log_in(c).status == 201);
}

TEST_CASE("an authorization of one's own stands for a session") {
  hvc::simulator_options o;
  o.authorization = "Bearer abc";
  hvc::simulator const s(o);
  auto c = client_of(s);
  CHECK(c.get(sync_target).status == 401);
  CHECK(c.get(sync_target, "Authorization: Bearer abc\r\n").status == 200);
  CHECK(log_in(c, "Authorization: Bearer abc\r\n").status == 201);
}

TEST_CASE("without a user no session is needed, and any login succeeds") {
  hvc::simulator const s;
  auto c = client_of(s);
  CHECK(c.get(sync_target).status == 200);
  CHECK(log_in(c, "").status == 201);
}

TEST_CASE("an unknown route, link and provider are told apart") {
  hvc::simulator const s;
  auto c = client_of(s);
  auto const id_of = [&](std::string_view target) {
    auto const r = c.get(target);
    CHECK(r.status == 404);
    auto const e = error_in(r);
    CHECK(e.error_type == hvc::error_type::not_found);
    return e.messages.at(0).id;
  };
  CHECK(id_of("/api/hvc/nothing") == "com.vmware.vapi.rest.httpNotFound");
  CHECK(id_of(std::string(sync_target) + "/") == "com.vmware.vapi.rest.httpNotFound");
  CHECK(id_of(std::string(sync_target) + "?action=start") == "com.vmware.vapi.rest.httpNotFound");
  CHECK(id_of("/api/hvc/links/nobody/sync/providers/provider-1") == "com.vmware.hvc.link.not_found");
  auto const r = c.get("/api/hvc/links/link-1/sync/providers/provider-01");
  CHECK(error_in(r).messages.at(0).id == "com.vmware.hvc.provider.not_found");
  CHECK(error_in(r).messages.at(0).args == std::vector<std::string>{"provider-01"});
}

TEST_CASE("each of the 25 standard errors has a provider that answers it") {
  hvc::simulator const s;
  auto c = client_of(s);
  for (unsigned n = 1; n <= 25; ++n) {
    auto const type = static_cast<hvc::error_type>(n);
    auto const name = std::string(hvc::enum_names<hvc::error_type>::name(type));
    CAPTURE(name);
    auto const r = c.get("/api/hvc/links/link-1/sync/providers/error-" + name);
    CHECK(r.status >= 400);
    auto const e = error_in(r);
    CHECK(e.error_type == type);
    CHECK_FALSE(e.error_type_derived);
    CHECK(e.messages.at(0).args.at(1) == "error-" + name);
  }
}

TEST_CASE("ids of any bytes are found again, whatever their encoding") {
  hvc::simulator s;
  hvc::sync_info i;
  i.status = hvc::sync_status::succeeded;
  i.polling_interval_in_seconds = 7;
  s.set_provider("a/b c", "p@x:\xC3\xA9?", i);
  auto c = client_of(s);
  CHECK(info_in(c.get("/api/hvc/links/a%2Fb%20c/sync/providers/p%40x%3A%c3%A9%3F")) == i);
  CHECK(info_in(c.get("/api/hvc/links/a%2fb%20c/sync/providers/p@x:%C3%A9%3f")) == i);
  CHECK(c.get("/api/hvc/links/a/b%20c/sync/providers/p@x:%C3%A9%3f").status == 404);
  CHECK(c.get("/api/hvc/links/a%2/sync/providers/x").status == 404);
  auto const links = hvc::decode_links(c.get("/api/hvc/links").body);
  REQUIRE(links.has_value());
  CHECK(links->back().link == "a/b c");
}

TEST_CASE("a started sync is under way, and a reset link was never synced") {
  hvc::simulator_options o;
  o.sync_duration = 1h;
  hvc::simulator const s(o);
  auto c = client_of(s);
  auto const started = c.call("POST", std::string(sync_target) + "?action=start");
  CHECK(started.status == 204);
  CHECK_FALSE(started.has("content-length"));
  auto const i = info_in(c.get(sync_target));
  REQUIRE(i.current_session_info.has_value());
  CHECK(i.current_session_info->stage == hvc::sync_stage::change_detection);
  CHECK_FALSE(i.current_session_info->completion_time.has_value());
  CHECK(c.call("POST", "/api/hvc/links/link-1/sync?action=reset").status == 204);
  CHECK(info_in(c.get(sync_target)).status == hvc::sync_status::no_sync_found);
}

TEST_CASE("a chunked reply has the same body") {
  hvc::simulator_options o;
  o.chunked = true;
  hvc::simulator const s(o);
  auto c = client_of(s);
  auto const r = c.get(sync_target);
  CHECK(r.has("transfer-encoding: chunked"));
  CHECK_FALSE(r.has("content-length"));
  CHECK(info_in(r).status_message->args.at(0) == "link-1");
  CHECK(c.get(sync_target).status == 200);
}

TEST_CASE("a reply is scripted for a provider, so many times") {
  hvc::simulator s;
  hvc::canned_reply r(418, "{}", "text/plain");
  r.fields.emplace_back("x-one", "two");
  s.set_reply("link-1", "provider-1", r, 2);
  auto c = client_of(s);
  for (int n = 0; n != 2; ++n) {
    auto const got = c.get(sync_target);
    CHECK(got.status == 418);
    CHECK(got.has("content-type: text/plain\r\n"));
    CHECK(got.has("x-one: two\r\n"));
  }
  CHECK(c.get(sync_target).status == 200);
  CHECK(c.get("/api/hvc/links/link-1/sync/providers/provider-2").status == 200);
}

TEST_CASE("everything fails with a standard error, so many times") {
  hvc::simulator s;
  hvc::standard_error e;
  e.error_type = hvc::error_type::resource_busy;
  s.fail_with(e, 0, 1);
  auto c = client_of(s);
  auto const r = c.get(sync_target);
  CHECK(r.status == 500);
  CHECK(error_in(r).error_type == hvc::error_type::resource_busy);
  CHECK(c.get(sync_target).status == 200);
  s.fail_with(e, 503);
  CHECK(c.get("/api/hvc/links").status == 503);
  s.fail_with(e, 503, 0);
  CHECK(c.get("/api/hvc/links").status == 200);
}

TEST_CASE("a function of the test answers any request, or leaves it to the simulator") {
  hvc::simulator s;
  hvc::simulated_request seen;
  s.on_request([&](hvc::simulated_request const& r) -> std::optional<hvc::canned_reply> {
    seen = r;
    if (r.target == "/throw")
      throw std::runtime_error("no");
    if (r.target == "/throw-a-number")
      throw 42;
    if (r.provider == "provider-2")
      return hvc::canned_reply(299, "mine");
    return std::nullopt;
  });
  auto c = client_of(s);
  auto const r = c.get("/api/hvc/links/link-1/sync/providers/provider-2", "X-Request-ID: 7\r\n");
  CHECK(r.status == 299);
  CHECK(r.body == "mine");
  CHECK(seen.method == "GET");
  CHECK(seen.link == "link-1");
  CHECK(seen.field("x-request-id") == "7");
  CHECK(seen.connection == 1);
  CHECK(seen.exchange == 1);
  CHECK(c.get(sync_target).status == 200);
  CHECK(seen.exchange == 2);
  CHECK(c.get("/throw").status == 500);
  CHECK(c.get("/throw-a-number").status == 500);
}

TEST_CASE("a reply of bytes alone is sent as it is, and closes if it says so") {
  hvc::simulator s;
  hvc::canned_reply r;
  r.wire = "HTTP/1.1 200 Fine\r\n\r\nbody";
  r.close = true;
  s.on_request([&](auto const&) { return r; });
  auto c = client_of(s);
  c.ask("GET", "/");
  CHECK(c.rest() == r.wire);
  CHECK(c.how_it_ended() == raw_client::end::close_notify);
}
