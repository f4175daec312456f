// Other credentials and another trust without a restart, over real TLS: what is in flight finishes, what comes uses the
// new.
#include "client_fixture.hpp"
#include "holds.hpp"

#include <boost/asio/detached.hpp>

#include <filesystem>
#include <fstream>
#include <memory>

#include <unistd.h>

namespace asio = boost::asio;
using namespace hvc::test;

namespace {

hvc::client_options logging_in(world const& w) {
  return w.options().credentials(hvc::user_password("me", "first secret"));
}

// Another server on the port of this one, with an authority of its own.
void replace(hvc::simulator& s) {
  hvc::simulator_options o;
  o.port = static_cast<std::uint16_t>(std::stoi(s.server().substr(s.server().rfind(':') + 1)));
  s.stop();
  s = hvc::simulator(o);
}

hvc::tls_options trust_in(hvc::simulator const& s) { return hvc::tls_options().ca_pem(s.ca_pem()); }

} // namespace

TEST_CASE("a new password is used from the next call on, and the session of before is logged out") {
  world w(with_user("me", "first secret"));
  hvc::client c = w.make_client(logging_in(w));
  REQUIRE(w.get(c).has_value());
  w.server.set_credentials("me", "second secret");
  REQUIRE(c.update_credentials(hvc::user_password("me", "second secret")).has_value());
  CHECK(w.get(c).has_value());
  CHECK(w.server.logins() == 2);
  CHECK(w.run_until([&] { return w.server.live_sessions() == 1; }));
  w.close(c);
  CHECK(w.server.live_sessions() == 0);
}

TEST_CASE("after a refused login other credentials are tried at once") {
  world w(with_user("me", "first secret"));
  hvc::client c = w.make_client(w.options().credentials(hvc::user_password("me", "wrong")));
  CHECK(outcome_of(w.get(c)) == "auth(login_refused)");
  CHECK(outcome_of(w.get(c)) == "auth(login_refused)"); // by the cool-down
  CHECK(w.server.requests() == 1);
  REQUIRE(c.update_credentials(hvc::user_password("me", "first secret")).has_value());
  CHECK(w.get(c).has_value());
}

TEST_CASE("a call in flight finishes with the session it was sent with, and only then is that one logged out") {
  world w(with_user("me", "first secret"));
  hvc::client c = w.make_client(logging_in(w));
  REQUIRE(w.get(c).has_value());
  hvc::canned_reply slow(200, "{}");
  slow.delay = 100ms;
  w.server.set_reply("link-1", "provider-2", slow);
  calls in_flight(w);
  in_flight.get(c, "link-1", "provider-2");
  CHECK(w.run_until([&] { return c.stats().busy == 1; }));
  w.server.set_credentials("me", "second secret");
  REQUIRE(c.update_credentials(hvc::user_password("me", "second secret")).has_value());
  CHECK(w.get(c).has_value());
  CHECK(w.server.live_sessions() == 2);
  CHECK(in_flight.ended() == 0);
  in_flight.wait();
  CHECK(in_flight[0].error().kind() == hvc::error_kind::decode); // the reply came, with no 401
  CHECK(w.run_until([&] { return w.server.live_sessions() == 1; }));
  CHECK(w.server.logins() == 2);
}

TEST_CASE("any sort of credentials takes the place of any other") {
  world w(with_user("me", "first secret"));
  hvc::client c = w.make_client(logging_in(w));
  REQUIRE(w.get(c).has_value());
  hvc::client other = w.make_client(logging_in(w));
  REQUIRE(w.get(other).has_value());
  auto const token = other.release_session();
  unsigned asked = 0;
  for (hvc::credentials const& next : std::vector<hvc::credentials>{
           *token, hvc::user_password("me", "first secret"), hvc::session_source([&](std::string const&, auto done) {
             ++asked;
             std::move(done)(nullptr, token->token());
           }),
           hvc::authorization_source(hvc::authorization_source::use::login, [&](auto done) {
             ++asked;
             std::move(done)(nullptr, "Basic bWU6Zmlyc3Qgc2VjcmV0");
           })}) {
    REQUIRE(c.update_credentials(next).has_value());
    CHECK(w.get(c).has_value());
  }
  CHECK(asked == 2);
  REQUIRE(c.update_credentials(hvc::no_credentials()).has_value());
  CHECK(w.get(c).error().http_status() == 401);
  CHECK(w.run_until([&] { return w.server.live_sessions() == 1; })); // the released one, which is nobody's here
}

TEST_CASE("credentials that cannot be, a client that is closed, and one moved from, change nothing") {
  world w(with_user("me", "first secret"));
  hvc::client c = w.make_client(logging_in(w));
  auto const r = c.update_credentials(hvc::user_password("", "x"));
  CHECK(r.error().kind() == hvc::error_kind::invalid_argument);
  CHECK(r.error().reason() == "credentials");
  CHECK(w.get(c).has_value());
  hvc::client moved(std::move(c));
  CHECK(c.update_credentials(hvc::no_credentials()).error().reason() == "client"); // NOLINT(bugprone-use-after-move)
  CHECK(c.update_tls(hvc::tls_options()).error().reason() == "client");
  w.close(moved);
  CHECK(moved.update_credentials(hvc::no_credentials()).error().kind() == hvc::error_kind::closed);
  CHECK(moved.update_tls(trust_in(w.server)).error().kind() == hvc::error_kind::closed);
}

TEST_CASE("what the server repeats of the credentials of before is told by no error") {
  world w(with_user("me", "first secret"));
  hvc::client c = w.make_client(logging_in(w));
  REQUIRE(w.get(c).has_value());
  std::string token;
  w.server.on_request([&token](hvc::simulated_request const& r) -> std::optional<hvc::canned_reply> {
    if (r.provider != "provider-2")
      return std::nullopt;
    token = r.field("vmware-api-session-id");
    hvc::canned_reply told(500, "session " + token + " of 'first secret'", "text/plain");
    told.delay = 50ms;
    return told;
  });
  calls in_flight(w);
  in_flight.get(c, "link-1", "provider-2");
  CHECK(w.run_until([&] { return c.stats().busy == 1; }));
  REQUIRE(c.update_credentials(hvc::user_password("me", "first secret too")).has_value());
  for (int i = 0; i != 3; ++i) // however many take their place meanwhile
    REQUIRE(c.update_credentials(hvc::user_password("me", "another secret")).has_value());
  in_flight.wait();
  auto const excerpt = in_flight[0].error().body_excerpt();
  CHECK(excerpt == "session *** of '***'");
  CHECK(token.size() > 4);
}

TEST_CASE("a rotated authority: refused, then trusted, and nothing of the old trust is left") {
  world w;
  hvc::client c = w.make_client();
  REQUIRE(w.get(c).has_value());
  replace(w.server);
  CHECK(outcome_of(w.get(c)).starts_with("tls_verify"));
  REQUIRE(c.update_tls(trust_in(w.server)).has_value());
  CHECK(w.get(c).has_value());
  auto const of_before = trust_in(w.server);
  replace(w.server);
  CHECK(outcome_of(w.get(c)).starts_with("tls_verify"));
  REQUIRE(c.update_tls(of_before).has_value());
  CHECK(outcome_of(w.get(c)).starts_with("tls_verify"));
}

TEST_CASE("another trust closes idle connections at once, lets calls in flight finish, and resumes no session") {
  world w;
  hvc::client c = w.make_client();
  hvc::canned_reply slow(404, "{}");
  slow.delay = 100ms;
  w.server.set_reply("link-1", "provider-2", slow);
  calls both(w);
  both.get(c, "link-1", "provider-1");
  both.get(c, "link-1", "provider-2");
  CHECK(w.run_until([&] { return both.ended() == 1 && c.stats().idle == 1; }));
  REQUIRE(c.update_tls(trust_in(w.server)).has_value());
  CHECK(c.stats().idle == 0);
  CHECK(w.run_until([&] { return w.server.open_connections() == 1; }));
  CHECK(w.get(c).has_value());
  both.wait();
  CHECK(both[1].error().http_status() == 404);
  CHECK(c.stats().connections_opened == 3);
  CHECK(c.stats().connections_resumed == 0);
  CHECK(w.run_until([&] { return w.server.open_connections() == 1; })); // the old one closed after its reply
}

TEST_CASE("a bad PEM is an error that names the file, and the old trust stays") {
  world w;
  hvc::client c = w.make_client();
  REQUIRE(w.get(c).has_value());
  auto const path = std::filesystem::temp_directory_path() / ("hvc-rotation-" + std::to_string(::getpid()) + ".pem");
  std::ofstream(path) << "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
  for (auto const& bad : {path.string(), std::string("/nonexistent/ca.pem")}) {
    auto const r = c.update_tls(hvc::tls_options().ca_file(bad));
    CHECK(r.error().kind() == hvc::error_kind::invalid_argument);
    CHECK(r.error().reason() == "ca_file");
    CHECK(holds(r.error().message(), bad));
  }
  std::filesystem::remove(path);
  CHECK(c.stats().idle == 1); // untouched
  w.server.fault_next("close");
  CHECK(w.get(c).has_value()); // over a new one
  CHECK(c.stats().connections_opened == 2);
}
