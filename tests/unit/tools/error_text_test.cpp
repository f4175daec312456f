#include "tools/sync/error_text.hpp"

#include "catch.hpp"
#include "error_face.hpp"
#include "holds.hpp"

using namespace hvc;
using namespace hvc::tools;
using namespace hvc::tools::test;
using hvc::test::holds;

namespace {

client_options options() { return client_options().server("https://vc.test").deadline(std::chrono::seconds(2)); }

} // namespace

TEST_CASE("an error is one line, and its causes stand below") {
  auto const text = error_text(with_standard(error_kind::standard, {}, not_found(), 404), options(), 0);
  CHECK(text.find("hvc-sync: standard(NOT_FOUND): The provider is unknown.") == 0);
  CHECK(holds(text, "\n  caused by: No row.\n"));
  CHECK(!holds(text, "hint"));
}

TEST_CASE("J22 a message cannot steer the terminal") {
  auto standard = not_found();
  standard.messages[1].default_message = "\x1b]0;owned\a";
  CHECK(!holds(error_text(with_standard(error_kind::standard, {}, standard, 404), options(), 0), "\x1b"));
}

TEST_CASE("a refused certificate is named by its fingerprint, as a pin is written") {
  auto const text = error_text(with_certificate("untrusted_root", "AB:CD"), options(), 0);
  CHECK(holds(text, "--pin-sha256=ABCD\n"));
  CHECK(holds(text, "--ca-file"));
}

TEST_CASE("the hint of a refused certificate fits the reason") {
  auto const hint = [](std::string_view reason) { return hint_for(with_certificate(reason, "AB:CD"), options()); };
  CHECK(holds(hint("host_mismatch"), "a name the certificate holds"));
  CHECK(!holds(hint("host_mismatch"), "--ca-file"));
  CHECK(holds(hint("expired"), "clock"));
  CHECK(!holds(hint("no_issuer"), "has signed it"));
  auto by_file = options();
  by_file.tls().ca_file("a.pem");
  CHECK(holds(hint_for(with_certificate("no_issuer", "AB:CD"), by_file), "no authority in a.pem has signed it"));
  CHECK(holds(hint("pin_mismatch"), "another than the one pinned"));
  CHECK(!holds(hint("pin_mismatch"), "--pin-sha256="));
  CHECK(holds(hint("no_issuer"), "intermediate"));
  CHECK(!holds(hint("untrusted_root"), "intermediate"));
  for (auto const* beyond_trust : {"weak", "revoked"}) {
    CHECK(holds(hint(beyond_trust), "a new one"));
    CHECK(!holds(hint(beyond_trust), "--pin-sha256"));
  }
}

TEST_CASE("hints name what to change") {
  CHECK(holds(hint_for(error(error_kind::deadline), options()), "2 s; --timeout"));
  CHECK(holds(hint_for(error(error_kind::connect), options()), "https://vc.test"));
  CHECK(holds(hint_for(error(error_kind::resolve), options()), "https://vc.test"));
  CHECK(holds(hint_for(error(error_kind::tls_handshake, "not_tls"), options()), "port"));
  CHECK(holds(hint_for(error(error_kind::tls_handshake, "client_cert_required"), options()), "--cert"));
  CHECK(holds(hint_for(error_builder(error(error_kind::http_status)).http_status(503).build(), options()), "later"));
  CHECK(holds(hint_for(error_builder(error(error_kind::http_status)).http_status(302).build(), options()), "proxy"));
  CHECK(holds(hint_for(error(error_kind::route_unknown), options()), "8.0 U1"));
  CHECK(holds(hint_for(error(error_kind::auth, "login_refused"), options()), "--user"));
  auto const no_session = [](int status) {
    return hint_for(error_builder(error(error_kind::auth, "no_session")).http_status(status).build(), options());
  };
  CHECK(holds(no_session(404), "7.0 U2"));
  CHECK(no_session(503).empty());
  CHECK(hint_for(error(error_kind::protocol, "length"), options()).empty());
}

TEST_CASE("S4 a user with too many sessions is told so") {
  standard_error standard;
  standard.messages = {{"com.vmware.vapi.endpoint.failedToLoginMaxUserSessionCountReached", "limited", {}, {}, {}}};
  CHECK(holds(hint_for(with_standard(error_kind::auth, "no_session", standard, 503), options()), "550"));
}

TEST_CASE("who asked as nobody is told how to say who asks") {
  standard_error standard;
  standard.error_type = error_type::unauthenticated;
  auto const refused = with_standard(error_kind::standard, {}, standard, 401);
  CHECK(holds(hint_for(refused, options()), "--password-file"));
  CHECK(holds(hint_for(refused, options().credentials(session_token("t"))), "session has ended"));
}

TEST_CASE("a long line is wrapped, and a fingerprint is not") {
  std::string sha256 = "AB";
  for (int i = 1; i < 32; ++i)
    sha256 += ":AB";
  auto const at_80 = error_text(with_certificate("expired", sha256), options(), 80);
  CAPTURE(at_80);
  for (std::size_t at = 0; at < at_80.size(); at = at_80.find('\n', at) + 1)
    CHECK(at_80.find('\n', at) - at <= 80);
  auto const text = error_text(with_certificate("expired", sha256), options(), 50);
  CHECK(holds(text, "\n--pin-sha256=ABABAB"));
  for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1) {
    auto const line = text.substr(at, text.find('\n', at) - at);
    CAPTURE(line);
    CHECK((line.size() <= 50 || holds(line, "--pin-sha256=")));
  }
}
