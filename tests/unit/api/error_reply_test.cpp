#include "api/error_reply.hpp"

#include "catch.hpp"

using namespace hvc;

namespace {
std::string body(std::string_view type, std::string_view id = "some.id") {
  return R"({"messages":[{"id":")" + std::string(id) + R"(","default_message":"m","args":[]}],"error_type":")" +
         std::string(type) + "\"}";
}
error reply(int status, std::string_view text, std::string_view type = "application/json") {
  return error_from_reply(status, type, text, {});
}
} // namespace

TEST_CASE("J19 a standard error is one whatever the status, and its type decides") {
  for (int i = 1; i <= 25; ++i) {
    auto const type = static_cast<error_type>(i);
    auto const name = enum_names<error_type>::name(type);
    bool const retryable = type == error_type::service_unavailable || type == error_type::resource_busy ||
                           type == error_type::timed_out || type == error_type::unable_to_allocate_resource;
    for (int status : {302, 400, 401, 403, 404, 408, 429, 500, 502, 503, 504}) {
      auto const e = reply(status, body(name));
      CHECK(e.kind() == error_kind::standard);
      CHECK(e.reason() == name);
      CHECK(e.http_status() == status);
      CHECK(e.stage() == stage::body);
      REQUIRE(e.standard());
      CHECK(e.standard()->error_type == type);
      CHECK(e.retryable() == retryable);
    }
  }
}

TEST_CASE("J20 an unknown or missing type leaves the status to decide whether to retry") {
  CHECK(reply(503, body("NEW")).retryable());
  CHECK_FALSE(reply(500, body("NEW")).retryable());
  CHECK(reply(500, body("NEW")).reason().empty());
  CHECK(reply(502, R"({"messages":[]})").retryable());
  CHECK(reply(423, R"({"messages":[]})").retryable());
  CHECK_FALSE(reply(404, R"({"messages":[]})").retryable());
}

TEST_CASE("an operation the server does not know is route_unknown, a provider it does not know is not") {
  for (auto const* const type : {"NOT_FOUND", "OPERATION_NOT_FOUND"}) {
    auto const e = reply(404, body(type, "com.vmware.vapi.rest.httpNotFound"));
    CHECK(e.kind() == error_kind::route_unknown);
    CHECK(e.http_status() == 404);
    REQUIRE(e.standard());
    CHECK(e.standard()->messages.at(0).id == "com.vmware.vapi.rest.httpNotFound");
    CHECK_FALSE(e.retryable());
  }
  CHECK(reply(404, body("NOT_FOUND", "com.vmware.hvc.provider.notFound")).kind() == error_kind::standard);
  CHECK(reply(500, body("ERROR", "com.vmware.vapi.rest.httpNotFound")).kind() == error_kind::standard);
  CHECK(reply(404, R"({"messages":[{"id":"com.vmware.vapi.rest.httpNotFound"}]})").kind() == error_kind::route_unknown);
}

TEST_CASE("J18 a proxy's own words are http_status with a bounded, sanitised excerpt") {
  auto const e = reply(503, "no healthy\x1b[31m upstream\r\n" + std::string(1000, 'x'), "text/plain\x07");
  CHECK(e.kind() == error_kind::http_status);
  CHECK(e.reason().empty());
  CHECK(e.http_status() == 503);
  CHECK(e.content_type() == "text/plain");
  CHECK(e.body_excerpt().starts_with("no healthy upstream x"));
  CHECK(e.body_excerpt().size() <= 256);
  CHECK_FALSE(e.standard());
  CHECK(e.message().find("syntax") == std::string::npos);
}

TEST_CASE("J18 J21 an empty 404, a redirect and a /rest error are http_status") {
  CHECK(reply(404, "", "").kind() == error_kind::http_status);
  CHECK(reply(302, "<html>", "text/html").kind() == error_kind::http_status);
  CHECK(reply(404, R"({"type":"com.vmware.vapi.std.errors.not_found","value":{"messages":[]}})").kind() ==
        error_kind::http_status);
}

TEST_CASE("without a standard error the status decides whether to retry") {
  for (int status = 300; status < 600; ++status) {
    bool const retryable = status == 408 || status == 429 || status == 502 || status == 503 || status == 504;
    CHECK(reply(status, "x").retryable() == retryable);
  }
}
