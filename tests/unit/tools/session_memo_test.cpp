#include "tools/sync/session_memo.hpp"

#include "tools/sync/error_json.hpp"

#include "catch.hpp"
#include "error_face.hpp"

using namespace hvc;
using namespace hvc::tools;
using namespace hvc::tools::test;
using namespace std::chrono_literals;

namespace {

std::chrono::sys_seconds const now{1'000'000s};

error refused_login() {
  standard_error said;
  said.error_type = error_type::unauthenticated;
  said.messages = {{"com.vmware.vapi.endpoint.method.authentication.required", "Authentication required.", {}, {}, {}}};
  error::detail detail;
  detail.standard = std::make_shared<standard_error const>(said);
  return error_builder(error(error_kind::auth, "login_refused"))
      .stage(stage::login)
      .http_status(401)
      .detail(std::move(detail))
      .build();
}

session_memo refusing(std::string_view password) {
  session_memo memo{"https://vc.test", "me"};
  memo.refusal = login_refusal::of(refused_login(), password, "salt", now);
  return memo;
}

session_memo with_token(std::string token) { return {"https://vc.test", "me", std::move(token), std::nullopt}; }

} // namespace

TEST_CASE("what is kept of a session is found again, and what is no memo is none") {
  auto const kept = session_memo::parse(with_token("token-1").text());
  REQUIRE(kept);
  CHECK(kept->token == "token-1");
  CHECK(kept->server == "https://vc.test");
  CHECK(kept->user == "me");
  CHECK_FALSE(kept->refusal);
  for (auto const* broken :
       {"", "{", "[]", "7", "{}", R"({"server":1,"user":"me"})", R"({"server":"https://vc.test"})"}) {
    CAPTURE(broken);
    CHECK_FALSE(session_memo::parse(broken));
  }
}

TEST_CASE("a memo is of one user of one server, however the address is written") {
  auto const memo = with_token("token-1");
  for (auto const* same : {"https://vc.test", "https://vc.test/", "https://vc.test:443", "HTTPS://VC.Test:443/"})
    CHECK(memo.is_of(same, "me"));
  for (auto const* other : {"https://other.test", "https://vc.test:8443", "vc.test", ""})
    CHECK_FALSE(memo.is_of(other, "me"));
  CHECK_FALSE(memo.is_of("https://vc.test", "you"));
}

TEST_CASE("a session is used until the server no longer accepts it, and a newer one before another login") {
  CHECK(next_step(with_token("a"), "", "secret", now) == session_step::use_token);
  CHECK(next_step(with_token("a"), "a", "secret", now) == session_step::log_in);
  CHECK(next_step(with_token("b"), "a", "secret", now) == session_step::use_token);
  CHECK(next_step(with_token(""), "", "secret", now) == session_step::log_in);
}

TEST_CASE("a refused password is not sent again for 180 seconds, and another one is") {
  auto const memo = session_memo::parse(refusing("wrong").text()).value();
  CHECK(next_step(memo, "", "wrong", now) == session_step::refuse);
  CHECK(next_step(memo, "", "wrong", now + 179s) == session_step::refuse);
  CHECK(next_step(memo, "", "wrong", now + 180s) == session_step::log_in);
  CHECK(next_step(memo, "", "right", now) == session_step::log_in);
  CHECK(next_step(memo, "", "wrong", now - 1s) == session_step::log_in); // the clock was set back
}

TEST_CASE("a refusal is told again as it was, and that nothing was sent, from a file that holds no password") {
  auto const text = refusing("hunter2").text();
  CHECK(text.find("hunter2") == std::string::npos);
  auto const memo = session_memo::parse(text).value();
  REQUIRE(memo.refusal.has_value());
  auto const again = memo.refusal->told_again(now + 60s);
  CHECK(again.kind() == error_kind::auth);
  CHECK(again.reason() == "login_refused");
  CHECK(again.http_status() == refused_login().http_status());
  REQUIRE(again.standard());
  CHECK(*again.standard() == *refused_login().standard());
  CHECK(again.message().find("the server refused this password 60 s ago; nothing was sent now, so as not to lock the "
                             "account; the next try is in 120 s at the earliest") != std::string::npos);
}

TEST_CASE("a refusal in plain text is told again with its text") {
  error::detail detail;
  detail.body_excerpt = "go away";
  auto const e =
      error_builder(error(error_kind::auth, "login_refused")).http_status(403).detail(std::move(detail)).build();
  auto const again = login_refusal::of(e, "p", "salt", now).told_again(now);
  CHECK(again.http_status() == 403);
  CHECK(again.body_excerpt() == "go away");
  CHECK(!again.standard());
}
