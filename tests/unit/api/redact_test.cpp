#include "api/redact.hpp"

#include "api/error_reply.hpp"
#include "error_builder.hpp"

#include "catch.hpp"

#include <array>
#include <chrono>

using namespace hvc;

namespace {

constexpr std::string_view password = "Correct-Horse-9", token = R"(to"k\en)";

error redacted(error const& e) {
  constexpr std::array secrets{password, token};
  return hvc::redacted(e, secrets);
}

error reply(std::string_view body, int status = 502, std::string_view type = "text/html") {
  return redacted(error_from_reply(status, type, body, {}));
}

} // namespace

TEST_CASE("S15 I9 a secret in an excerpt, a content type or a text becomes three asterisks") {
  CHECK(reply("you sent Correct-Horse-9, twice: Correct-Horse-9!").body_excerpt() == "you sent ***, twice: ***!");
  CHECK(reply("", 502, "x/Correct-Horse-9").content_type() == "x/***");
  auto const e = redacted(error_builder(error(error_kind::protocol)).detail({.text = "got Correct-Horse-9"}).build());
  CHECK(e.message() == "protocol: got ***");
  CHECK(reply("nothing to hide").body_excerpt() == "nothing to hide");
}

TEST_CASE("S15 I9 a secret that an excerpt cuts off is not told by its beginning") {
  std::string const filler(256 - 3 - 8, 'x');
  CHECK(reply(filler + std::string(password) + " and more").body_excerpt() == filler + "***...");
  auto const e = redacted(error_builder(error(error_kind::content)).detail({.body_excerpt = "xx Correct-Ho"}).build());
  CHECK(e.body_excerpt() == "xx ***");
}

TEST_CASE("S15 I9 every text of a standard error loses the secret, and keeps the rest") {
  auto const e = reply(R"({"error_type":"NOT_FOUND","challenge":"Basic Correct-Horse-9",
      "messages":[{"id":"a.Correct-Horse-9","default_message":"for to\"k\\en","args":["Correct-Horse-9","b"],
        "localized":"für Correct-Horse-9",
        "params":{"Correct-Horse-9":{"s":"Correct-Horse-9"},"n":{"l":{"id":"Correct-Horse-9",
          "params":{"deep":{"s":"is Correct-Horse-9"}}}}}}],
      "data":{"primary":"Correct-Horse-9","secondary":["to\"k\\en"]}})",
                       404);
  REQUIRE(e.standard());
  auto const& s = *e.standard();
  CHECK(s.error_type == error_type::not_found);
  CHECK(s.challenge == "Basic ***");
  auto const& m = s.messages.at(0);
  CHECK(m.id == "a.***");
  CHECK(m.default_message == "for ***");
  CHECK(m.args == std::vector<std::string>{"***", "b"});
  CHECK(m.localized == "für ***");
  CHECK(m.params->at(0).name == "***");
  CHECK(m.params->at(0).value.s == "***");
  CHECK(m.params->at(1).value.l->id == "***");
  CHECK(m.params->at(1).value.l->params->at(0).value.s == "is ***");
  REQUIRE(s.data.argument_locations());
  CHECK(s.data.argument_locations()->primary == "***");
  CHECK(s.data.argument_locations()->secondary == std::vector<std::string>{"***"});
  CHECK(e.message() == "standard(NOT_FOUND): für *** (body, HTTP 404)");
}

TEST_CASE("S15 I9 an unknown error type loses it too, and data that were a secret themselves are left out") {
  constexpr std::array secrets{std::string_view("12345678"), std::string_view("TYPE_SECRET")};
  auto const e = hvc::redacted(
      error_from_reply(500, {}, R"({"error_type":"TYPE_SECRET","messages":[],"data":{"id":12345678}})", {}), secrets);
  REQUIRE(e.standard());
  CHECK(e.standard()->error_type.name() == "***");
  CHECK(e.standard()->data.empty());
}

TEST_CASE("S15 I9 what is too short to be told from any text is left, as is an error without text") {
  constexpr std::array secrets{std::string_view("a"), std::string_view()};
  CHECK(hvc::redacted(error_from_reply(502, {}, "a banana", {}), secrets).body_excerpt() == "a banana");
  CHECK(hvc::redacted(error(error_kind::closed), secrets).kind() == error_kind::closed);
}

TEST_CASE("S15 a server that repeats its short token for a megabyte costs no more time than any megabyte") {
  using namespace std::chrono_literals;
  constexpr std::array secrets{std::string_view("tokn")};
  std::string repeated;
  for (int n = 0; n != 250'000; ++n)
    repeated += "tokn";
  auto const e =
      error_from_reply(500, {}, R"({"error_type":"ERROR","messages":[],"data":{"primary":")" + repeated + "\"}}", {});
  auto const began = std::chrono::steady_clock::now();
  auto const clean = hvc::redacted(e, secrets);
  CHECK(std::chrono::steady_clock::now() - began < 1s); // instrumented, and on a busy machine
  REQUIRE(clean.standard());
  CHECK(clean.standard()->data.json().size() == 250'000 * 3 + 14);
}

TEST_CASE("S15 I9 Basic credentials are found without their padding, and where JSON escapes more than it must") {
  constexpr std::array secrets{std::string_view("dXNlcjpw/3Nzdw=="), std::string_view("====")};
  auto const cleaned = [&](std::string_view body) {
    return hvc::redacted(error_from_reply(500, {}, body, {}), secrets);
  };
  CHECK(cleaned("got dXNlcjpw/3Nzdw, of 6").body_excerpt() == "got ***, of 6");
  CHECK(cleaned(R"(got dXNlcjpw\/3Nzdw\u003d\u003d)").body_excerpt() == R"(got ***\u003d\u003d)");
  auto const e = cleaned(R"({"error_type":"ERROR","messages":[],"data":{"primary":"dXNlcjpw\/3Nzdw\u003d\u003d"}})");
  REQUIRE(e.standard());
  CHECK(e.standard()->data.json() == R"({"primary":"***\u003d\u003d"})");
}
