#include "tls/server_name.hpp"

#include "catch.hpp"

using hvc::tls::server_name;

namespace {

std::string name(std::size_t size) {
  std::string text(size, 'a');
  for (std::size_t i = 50; i < size - 1; i += 51)
    text[i] = '.';
  return text;
}

} // namespace

TEST_CASE("T12 a host name loses its final dot and its upper case") {
  auto const parsed = server_name::parse("VC.Example.TEST.");
  REQUIRE(parsed.has_value());
  CHECK(parsed->text == "vc.example.test");
  CHECK_FALSE(parsed->is_address);
}

TEST_CASE("T12 a host name of 253 characters is one, of 254 is none") {
  CHECK(server_name::parse(name(253)).has_value());
  CHECK(server_name::parse(name(253) + ".").has_value());
  auto const refused = server_name::parse(name(254));
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.error().kind() == hvc::error_kind::invalid_argument);
  CHECK(refused.error().reason() == "server");
}

TEST_CASE("T12 a name is taken in its ASCII form only") {
  CHECK(server_name::parse("xn--bcher-kva.example").has_value());
  CHECK_FALSE(server_name::parse("b\xc3\xbc"
                                 "cher.example")
                  .has_value());
}

TEST_CASE("T10 addresses are known as such, without the zone") {
  for (auto const* const text : {"10.0.0.1", "::1", "fe80::1%eth0", "FE80::1"}) {
    CAPTURE(text);
    auto const parsed = server_name::parse(text);
    REQUIRE(parsed.has_value());
    CHECK(parsed->is_address);
  }
  CHECK(server_name::parse("fe80::1%eth0")->text == "fe80::1");
}

TEST_CASE("what is neither name nor address is refused") {
  using namespace std::string_view_literals;
  for (auto const text :
       {""sv, "."sv, ".example.test"sv, "a..b"sv, "a.b.."sv, "a b"sv, "a/b"sv, "a\0b"sv, "127.0.0.1\0"sv, "[::1]"sv,
        "10.1"sv, "10.0.0.256"sv, "1"sv, "*.example.test"sv, "a:443"sv, "::g"sv}) {
    CAPTURE(text);
    CHECK_FALSE(server_name::parse(text).has_value());
  }
  CHECK_FALSE(server_name::parse(std::string(64, 'a') + ".test").has_value());
}
