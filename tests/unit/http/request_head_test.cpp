#include "catch.hpp"

#include "http/request_head.hpp"

using namespace hvc::http;

namespace {

request_head const head{"vc.example.com:8443", "hvc/0.1"};
constexpr char const* constant_lines =
    "Host: vc.example.com:8443\r\nUser-Agent: hvc/0.1\r\nAccept: application/json\r\n";

std::string written(method m, std::string_view target, std::string_view auth = {}, std::string_view extra = {}) {
  std::string out;
  head.write(out, m, target, auth, extra);
  return out;
}

} // namespace

TEST_CASE("a GET says what every request says, and no more") {
  CHECK(written(method::get, "/api/hvc/links") ==
        std::string{"GET /api/hvc/links HTTP/1.1\r\n"} + constant_lines + "\r\n");
}

TEST_CASE("a POST has an empty body and names its type all the same") {
  CHECK(written(method::post, "/api/session", "Authorization: Basic eDp5") ==
        std::string{"POST /api/session HTTP/1.1\r\n"} + constant_lines +
            "Authorization: Basic eDp5\r\nContent-Type: application/json\r\nContent-Length: 0\r\n\r\n");
}

TEST_CASE("a DELETE has neither body nor length") {
  CHECK(written(method::del, "/api/session") ==
        std::string{"DELETE /api/session HTTP/1.1\r\n"} + constant_lines + "\r\n");
}

TEST_CASE("the token's line and extra lines stand behind the constant ones") {
  CHECK(written(method::get, "/x", "vmware-api-session-id: t", "X-Request-ID: 1\r\nAccept-Language: de\r\n") ==
        std::string{"GET /x HTTP/1.1\r\n"} + constant_lines +
            "vmware-api-session-id: t\r\nX-Request-ID: 1\r\nAccept-Language: de\r\n\r\n");
}

TEST_CASE("no request offers to take compressed replies") {
  CHECK(written(method::post, "/x").find("Accept-Encoding") == std::string::npos);
}

TEST_CASE("a head is appended, and a buffer with room is not moved") {
  std::string out = "before";
  out.reserve(1'000);
  char const* const address = out.data();
  head.write(out, method::get, "/x", {}, {});
  CHECK(out.starts_with("beforeGET /x HTTP/1.1\r\n"));
  CHECK(out.data() == address);
}
