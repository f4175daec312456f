#include "error_builder.hpp"

#include "catch.hpp"

using namespace hvc;

TEST_CASE("a failure's words, code and certificate are the error's") {
  failure f;
  f.kind = error_kind::tls_verify;
  f.reason = "expired";
  f.stage = stage::handshake;
  f.code = boost::system::errc::make_error_code(boost::system::errc::permission_denied);
  f.text = "the certificate of vc.example.com expired";
  f.certificate_sha256 = "AB:CD";
  auto const e = error_builder(f)
                     .attempts(2)
                     .elapsed(std::chrono::microseconds(5))
                     .connection_reused(true)
                     .retryable(true)
                     .retry_after(std::chrono::seconds(7))
                     .build();
  CHECK(e.kind() == error_kind::tls_verify);
  CHECK(e.reason() == "expired");
  CHECK(e.stage() == stage::handshake);
  CHECK(e.code() == f.code);
  CHECK(e.certificate_sha256() == "AB:CD");
  CHECK(e.attempts() == 2);
  CHECK(e.elapsed() == std::chrono::microseconds(5));
  CHECK(e.connection_reused());
  CHECK(e.retryable());
  CHECK(e.retry_after() == std::chrono::seconds(7));
  CHECK(e.message().find(f.text) != std::string::npos);
}

TEST_CASE("an error that is there is changed in what is said, and keeps the rest") {
  error_builder first{error(error_kind::http_status)};
  error::detail d;
  d.body_excerpt = "x";
  auto const e = first.http_status(503).detail(std::move(d)).build();
  auto const changed = error_builder(e).attempts(3).build();
  CHECK(changed.http_status() == 503);
  CHECK(changed.body_excerpt() == "x");
  CHECK(changed.attempts() == 3);
  CHECK(e.attempts() == 0);
}
