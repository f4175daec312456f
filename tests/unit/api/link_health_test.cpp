#include <hvc/codec.hpp>

#include "catch.hpp"

using namespace hvc;

TEST_CASE("a link's health is decoded, with and without its parts") {
  std::string_view const text = R"({"connection_health_status":"UNHEALTHY","health_status_message":)"
                                R"({"id":"i","default_message":"m","args":[]}})";
  auto const health = decode_link_health(text);
  REQUIRE(health.has_value());
  CHECK(health->connection_health_status->name() == "UNHEALTHY");
  REQUIRE(health->health_status_message);
  CHECK(health->health_status_message->id == "i");
  CHECK(encode(*health) == text);
  auto const empty = decode_link_health("{}");
  REQUIRE(empty.has_value());
  CHECK_FALSE(empty->connection_health_status);
  CHECK_FALSE(empty->health_status_message);
  CHECK(encode(*empty) == "{}");
}

TEST_CASE("J12 a part of a link's health of the wrong type is refused with its path") {
  CHECK(decode_link_health(R"({"connection_health_status":7})").error().reason() == "type");
  auto const e = decode_link_health(R"({"health_status_message":{"id":"i","args":[]}})").error();
  CHECK(e.reason() == "missing");
  CHECK(e.message().find("health_status_message.default_message: ") != std::string::npos);
}
