#include "api/redact.hpp"

#include "api/error_reply.hpp"
#include "error_builder.hpp"
#include "hex.hpp"

#include "catch.hpp"

#include <array>
#include <chrono>
#include <iterator>
#include <random>

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

// Of a client whose secrets are of all kinds of characters.
error reply_of_all(std::string_view body) {
  constexpr std::array secrets{std::string_view("Pa&ss<wörd>😀"), std::string_view(R"(tok1-/\x)")};
  return hvc::redacted(error_from_reply(502, "application/json", body, {}), secrets);
}

std::string redacted_data(std::string_view json) {
  auto const e = reply_of_all(R"({"error_type":"ERROR","messages":[],"data":)" + std::string(json) + "}");
  REQUIRE(e.standard());
  return e.standard()->data.json();
}

std::string unicode_escape(char ascii, bool in_capitals) {
  std::string_view const digits = in_capitals ? upper_hex_digits : hex_digits;
  return {'\\', 'u', '0', '0', digits[static_cast<unsigned char>(ascii) >> 4U], digits[ascii & 0xF]};
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
  CHECK(cleaned(R"(got dXNlcjpw\/3Nzdw\u003d\u003d, of 6)").body_excerpt() == "got ***, of 6");
  auto const e = cleaned(R"({"error_type":"ERROR","messages":[],"data":{"primary":"dXNlcjpw\/3Nzdw\u003d\u003d"}})");
  REQUIRE(e.standard());
  CHECK(e.standard()->data.json() == R"({"primary":"***"})");
}

TEST_CASE("S15 I9 data lose a secret however its characters are escaped, and nothing else") {
  for (std::string_view written :
       {R"(Pa&ss<wörd>😀)", R"(Pa\u0026ss\u003cw\u00f6rd\u003e\ud83d\ude00)", R"(Pa\u0026ss\u003Cwörd\u003E😀)",
        R"(\u0050\u0061\u0026\u0073\u0073\u003c\u0077\u00F6\u0072\u0064\u003e\uD83D\uDE00)"}) {
    INFO(written);
    CHECK(redacted_data(R"({"pw":")" + std::string(written) + "\"}") == R"({"pw":"***"})");
    CHECK(redacted_data(R"({ "is \"" : [1.50e+3, -0], "a )" + std::string(written) + R"(\\":"\u00e9\/\u0026" })") ==
          R"({ "is \"" : [1.50e+3, -0], "a ***\\":"\u00e9\/\u0026" })");
  }
  CHECK(redacted_data(R"({"t":"tok\u0031-\/\\x"})") == R"({"t":"***"})");
  CHECK(redacted_data(R"({"t":"\\u0050a&ss<wörd>😀"})") == R"({"t":"***"})"); // JSON in a string of JSON
  CHECK(redacted_data(R"({"t":"Pa\u0026ss<word>"})") == R"({"t":"Pa\u0026ss<word>"})");
}

TEST_CASE("S15 I9 where two secrets overlap none of either is left, where they touch each is told apart") {
  constexpr std::array secrets{std::string_view("abcdef"), std::string_view("efghij"), std::string_view("bcde")};
  auto const cleaned = [&](std::string_view body) {
    return std::string(hvc::redacted(error_from_reply(502, {}, body, {}), secrets).body_excerpt());
  };
  CHECK(cleaned("x abcdefghij y") == "x *** y");
  CHECK(cleaned(R"(x abcd\u0065fghij y)") == "x *** y");
  CHECK(cleaned(R"(abcdef\u0061bcdefbcde)") == "*********");
}

TEST_CASE("S15 I9 an excerpt loses a secret that is escaped, also where it was cut in the middle of an escape") {
  CHECK(reply_of_all(R"({"pw":"Pa\u0026ss\u003cw\u00f6rd\u003e\ud83d\ude00"})").body_excerpt() == R"({"pw":"***"})");
  CHECK(reply_of_all(R"({"pw":"\"Pa\\u0026ss\\u003cw\\u00f6rd\\u003e\\ud83d\\ude00\""})").body_excerpt() ==
        R"({"pw":"\"***\""})");
  std::string_view const whole = R"(Pa\u0026ss\u003cw\u00f6rd\u003e\ud83d\ude00)";
  for (auto shown = std::string_view(R"(Pa\u0026s)").size(); shown != whole.size(); ++shown) {
    CAPTURE(shown);
    std::string const filler(256 - 3 - shown, 'x');
    CHECK(reply_of_all(filler + std::string(whole) + " and more").body_excerpt() == filler + "***...");
  }
  CHECK(reply_of_all(R"(C:\windows \u12 \ud800\)").body_excerpt() == R"(C:\windows \u12 \ud800\)");
}

TEST_CASE("S15 I9 of random data a secret in random escapes is all that changes") {
  std::mt19937 random(20); // NOLINT: the same every time
  auto const below = [&](unsigned n) { return static_cast<unsigned>(random() % n); };
  auto const escaped = [&](std::string_view ascii) {
    std::string result;
    for (char const c : ascii)
      result += below(2) != 0 || c == '\\' || c == '"' ? unicode_escape(c, below(2) != 0) : std::string(1, c);
    return result;
  };
  constexpr std::string_view pieces[] = {"a",   "Pa&s", R"(\\)", R"(\")",      R"(\u00e9)", "é",    R"(\ud83d\ude00)",
                                         "***", "/ ",   R"(\/)", R"(\\u0026)", R"(\n)",     "{[,]}"};
  for (int i = 0; i != 20'000; ++i) {
    std::string before = "{", after = "{";
    auto const both = [&](std::string_view text) {
      before += text;
      after += text;
    };
    auto const literal = [&] {
      both("\"");
      for (auto n = below(5); n != 0; --n)
        if (below(3) != 0) {
          both(pieces[below(std::size(pieces))]);
        } else {
          before += escaped("Pa&ss<word>");
          after += "***";
        }
      both("\"");
    };
    for (auto n = below(4); n != 0; --n) {
      literal();
      both(below(2) != 0 ? " : [1.50, " : ":[0,");
      literal();
      both("] ,");
    }
    both("\"end\":null}");
    constexpr std::array secrets{std::string_view("Pa&ss<word>")};
    auto const e = hvc::redacted(
        error_from_reply(500, {}, R"({"error_type":"ERROR","messages":[],"data":)" + before + "}", {}), secrets);
    CAPTURE(before);
    REQUIRE(e.standard());
    REQUIRE(e.standard()->data.json() == after);
  }
}
