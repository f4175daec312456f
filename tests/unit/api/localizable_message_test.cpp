#include <hvc/codec.hpp>

#include "catch.hpp"

using namespace hvc;

TEST_CASE("a message alone is encoded with all that it holds, and without what is absent") {
  localizable_message m;
  m.id = "a";
  CHECK(encode(m) == R"({"id":"a","default_message":"","args":[]})");
  m.args = {"x", "y"};
  localization_param p;
  p.d = 0.5;
  p.precision = 1;
  m.params = localization_params{{"ratio", p}, {"empty", {}}};
  m.localized = "b";
  CHECK(
      encode(m) ==
      R"({"id":"a","default_message":"","args":["x","y"],"params":{"ratio":{"d":0.5,"precision":1},"empty":{}},"localized":"b"})");
}

TEST_CASE("messages and parameters compare by all their members") {
  nested_localizable_message const a{"a", localization_params{{"x", {}}}};
  auto b = a;
  CHECK(a == b);
  b.params->front().value.i = 1;
  CHECK_FALSE(a == b);
  b = a;
  b.id = "b";
  CHECK_FALSE(a == b);
}

TEST_CASE("a number without a point is taken for a double") {
  auto const decoded =
      decode_standard_error(R"({"messages":[{"id":"","default_message":"","args":[],"params":{"p":{"d":7}}}]})", 500);
  REQUIRE(decoded.has_value());
  CHECK(decoded->notes.empty());
  CHECK(decoded->messages.at(0).params->at(0).value.d == 7.0);
}
