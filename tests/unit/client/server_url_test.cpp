#include "server_url.hpp"

#include "catch.hpp"

#include <stdexcept>

using hvc::parse_server_url;

namespace {

std::string refusal(std::string_view url) {
  try {
    return "host " + parse_server_url(url).host;
  } catch (std::invalid_argument const& e) {
    return e.what();
  }
}

} // namespace

TEST_CASE("a server is a host, and 443 or the port it names") {
  CHECK(parse_server_url("https://vc.test").host == "vc.test");
  CHECK(parse_server_url("https://vc.test").port == 443);
  CHECK(parse_server_url("https://vc.test").authority == "vc.test");
  CHECK(parse_server_url("https://vc.test:8443").port == 8443);
  CHECK(parse_server_url("https://vc.test:8443").authority == "vc.test:8443");
  CHECK(parse_server_url("https://vc.test:443").authority == "vc.test");
  CHECK(parse_server_url("https://vc.test/").host == "vc.test");
}

TEST_CASE("the scheme may be written in capitals") { CHECK(parse_server_url("HTTPS://vc.test").host == "vc.test"); }

TEST_CASE("an IPv6 address stands in brackets, and loses them as a host") {
  CHECK(parse_server_url("https://[::1]:8443").host == "::1");
  CHECK(parse_server_url("https://[::1]:8443").authority == "[::1]:8443");
  CHECK(parse_server_url("https://[0:0:0::1]").authority == "[::1]");
}

TEST_CASE("what is no server's address is refused, and the refusal begins with the option's name") {
  for (char const* const url : {"", "vc.test", "http://vc.test", "https://", "https://:443", "https://vc.test:0",
                                "https://vc.test:65536", "https://vc.test:x", "https://vc.test/ui", "https://vc.test//",
                                "https://vc.test?q", "https://vc.test#f", "https://me@vc.test", "https://v c",
                                "https://[::1", "https://[::1]x", "https://[fe80::1%eth0]", "https://[vc.test]"}) {
    CAPTURE(url);
    CHECK(refusal(url).starts_with("server: "));
  }
}
