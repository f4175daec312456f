#include "tools/sync/findings.hpp"

#include "catch.hpp"
#include "error_face.hpp"

#include <boost/json/parse.hpp>

using namespace hvc;
using namespace hvc::tools;
using namespace hvc::tools::test;
using namespace std::chrono_literals;

TEST_CASE("a finding is a line with its time, and hangs where it is longer") {
  finding const f{.step = "TLS", .took = 5000us, .text = "one two three four five six seven\nhint: eight"};
  CHECK(finding_text(f, {}) == "ok       TLS          5 ms  one two three four five six seven\n"
                               "                            hint: eight\n");
  CHECK(finding_text(f, {.coloured = false, .width = 50}) == "ok       TLS          5 ms  one two three four\n"
                                                             "                            five six seven\n"
                                                             "                            hint: eight\n");
  CHECK(finding_text({.step = "login", .result = finding::type::skipped, .text = "x"}, {}) ==
        "skipped  login              x\n");
  CHECK(finding_text({.step = "API", .result = finding::type::failed, .text = "\x1b[1m"}, {.coloured = true})
            .find("\x1b[31mFAILED\x1b[0m   API      ") == 0);
}

TEST_CASE("findings are an array for a program, with get's error in what failed") {
  auto const e = with_standard(error_kind::standard, {}, not_found(), 404);
  auto const document =
      boost::json::parse(findings_json({{.step = "resolve", .took = 12us, .text = "a \"name\""},
                                        {.step = "API", .result = finding::type::failed, .text = "no", .why = e}}));
  REQUIRE(document.as_array().size() == 2);
  CHECK(document.at(0).at("step") == "resolve");
  CHECK(document.at(0).at("result") == "ok");
  CHECK(document.at(0).at("elapsed_us") == 12);
  CHECK(document.at(0).at("text") == "a \"name\"");
  CHECK(document.at(1).at("result") == "FAILED");
  CHECK(document.at(1).at("error").at("error_type") == "NOT_FOUND");
  CHECK(!document.at(1).as_object().contains("elapsed_us"));
}

TEST_CASE("a clock that is minutes off is notable, and none that ends the examination") {
  date_time const here{1'000'000s};
  CHECK(clock_finding(std::nullopt, here).result == finding::type::skipped);
  CHECK(clock_finding(here - 1s, here).text.find("agree") != std::string::npos);
  auto const behind = clock_finding(here - 30s, here);
  CHECK(behind.result == finding::type::ok);
  CHECK(behind.text == "the server's clock is 30 s behind this machine's");
  auto const ahead = clock_finding(here + 10min, here);
  CHECK(ahead.result == finding::type::notable);
  CHECK(ahead.text == "the server's clock is 10 min ahead of this machine's");
}
