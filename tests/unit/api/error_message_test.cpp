#include "error_builder.hpp"

#include "catch.hpp"

using namespace hvc;

namespace {
error with_standard(error_kind kind, standard_error s) {
  error::detail d;
  d.standard = std::make_shared<standard_error const>(std::move(s));
  return error_builder(error(kind)).stage(stage::body).http_status(404).attempts(1).detail(std::move(d)).build();
}
localizable_message words(std::string text) {
  localizable_message m;
  m.default_message = std::move(text);
  return m;
}
} // namespace

TEST_CASE("a message tells kind, reason, words, stage and attempt on one line") {
  failure f;
  f.kind = error_kind::tls_verify;
  f.reason = "expired";
  f.stage = stage::handshake;
  f.text = "the certificate of vc.example.com expired on 2026-01-01";
  CHECK(error_builder(f).attempts(1).build().message() ==
        "tls_verify(expired): the certificate of vc.example.com expired on 2026-01-01 (handshake, attempt 1)");
}

TEST_CASE("every kind has words of its own") {
  for (int i = 0; i <= int(error_kind::closed); ++i) {
    auto const kind = static_cast<error_kind>(i);
    auto const text = error(kind).message();
    auto const prefix = std::string(to_string(kind)) + ": ";
    CHECK(text.starts_with(prefix));
    CHECK(text.size() > prefix.size() + 20);
  }
}

TEST_CASE("the system's own words are added, once") {
  failure f;
  f.kind = error_kind::connect;
  f.stage = stage::connect;
  f.code = boost::system::errc::make_error_code(boost::system::errc::connection_refused);
  auto const refused = f.code.message();
  CHECK(error_builder(f).build().message() == "connect: no address of the server accepted a connection: " + refused);
  f.text = "192.0.2.1:443: " + refused;
  CHECK(error_builder(f).build().message() == "connect: 192.0.2.1:443: " + refused);
}

TEST_CASE("a message does not repeat in its end what its beginning said") {
  auto const at = [](error_kind kind, hvc::stage where) {
    return error_builder(error(kind)).stage(where).attempts(2).build().message();
  };
  CHECK(at(error_kind::resolve, stage::resolve) == "resolve: the server's name could not be resolved (attempt 2)");
  CHECK(at(error_kind::connect_timeout, stage::connect) ==
        "connect_timeout: no address of the server accepted a connection in time (attempt 2)");
  CHECK(at(error_kind::deadline, stage::queue) ==
        "deadline: the deadline of the call passed (while waiting for a connection, attempt 2)");
  CHECK(at(error_kind::canceled, stage::back_off) ==
        "canceled: the call was cancelled (while waiting to ask again, attempt 2)");
  CHECK(error(error_kind::pool_full).message() == "pool_full: too many calls wait for a connection already");
  CHECK(error(error_kind::invalid_argument, "link").message() == "invalid_argument(link): an argument cannot be used");
}

TEST_CASE("each way to have no session has words of its own") {
  CHECK(error(error_kind::auth, "login_refused").message().find("user or the password") != std::string::npos);
  CHECK(error(error_kind::auth, "refresh_failed").message().find("just given") != std::string::npos);
  CHECK(error(error_kind::auth, "no_session").message().find("brought no session") != std::string::npos);
}

TEST_CASE("a standard error speaks in its first message") {
  standard_error s;
  s.error_type = error_type::not_found;
  s.messages = {words("No such provider."), words("cause")};
  CHECK(with_standard(error_kind::standard, s).message() ==
        "standard(NOT_FOUND): No such provider. (body, HTTP 404, attempt 1)");
  s.error_type = open_enum<error_type>::from_name("BRAND_NEW");
  s.messages.clear();
  CHECK(with_standard(error_kind::standard, s).message() ==
        "standard(BRAND_NEW): the server reports an error (body, HTTP 404, attempt 1)");
}

TEST_CASE("an unknown route is told as what it is") {
  standard_error s;
  s.messages = {words("Not found.")};
  CHECK(with_standard(error_kind::route_unknown, s).message() ==
        "route_unknown: this server does not know the operation (vCenter has those of a sync before 8.0 U1, and the "
        "health of a link since) (body, "
        "HTTP 404, attempt 1)");
}

TEST_CASE("J22 a message is bounded, of one line, and cannot write on a terminal") {
  standard_error s;
  s.error_type = open_enum<error_type>::from_name("\x1b[2J" + std::string(10'000, 'T'));
  s.messages = {words("\x1b]0;pwned\x07line one\nline two\x1b[31m " + std::string(100'000, 'x'))};
  auto const text = with_standard(error_kind::standard, s).message();
  CHECK(text.size() <= 800);
  CHECK(text.find("line one line two") != std::string::npos);
  CHECK(text.find("pwned") == std::string::npos);
  for (char const c : text)
    if (static_cast<unsigned char>(c) < 0x20)
      FAIL(text);
}

TEST_CASE("the body of a reply is in no message") {
  error::detail d;
  d.body_excerpt = "secret";
  CHECK(error_builder(error(error_kind::http_status)).detail(std::move(d)).build().message().find("secret") ==
        std::string::npos);
}
