#include <hvc/tls_options.hpp>

#include "catch.hpp"

#include <stdexcept>
#include <string>

namespace {

std::string hex(char const* separator, char const* byte = "aB") {
  std::string text = byte;
  for (int i = 1; i != 32; ++i)
    text.append(separator).append(byte);
  return text;
}

} // namespace

TEST_CASE("a pin is read with or without colons, in either case, and repeated") {
  hvc::tls_options o;
  o.pin_sha256(hex("")).pin_sha256(hex(":", "09"));
  REQUIRE(o.pins().size() == 2);
  CHECK(o.pins()[0] == hvc::tls_options::digest{0xab, 0xab, 0xab, 0xab, 0xab, 0xab, 0xab, 0xab, 0xab, 0xab, 0xab,
                                                0xab, 0xab, 0xab, 0xab, 0xab, 0xab, 0xab, 0xab, 0xab, 0xab, 0xab,
                                                0xab, 0xab, 0xab, 0xab, 0xab, 0xab, 0xab, 0xab, 0xab, 0xab});
  CHECK(o.pins()[1][31] == 9);
}

TEST_CASE("what is no SHA-256 digest is refused as a pin, naming the field") {
  auto const colons = hex(":");
  auto half = colons;
  half[5] = 'a';
  for (auto const& bad : {std::string(), std::string("ab"), hex("").substr(1), hex("") + "0", colons + ":", half,
                          hex("", "0g"), hex("", " 1"), hex("-")}) {
    CAPTURE(bad);
    hvc::tls_options o;
    try {
      o.pin_sha256(bad);
      FAIL("accepted");
    } catch (std::invalid_argument const& e) {
      CHECK(std::string(e.what()).starts_with("pin_sha256"));
    }
    CHECK(o.pins().empty());
  }
}

TEST_CASE("system trust takes back every other trust") {
  hvc::tls_options o;
  o.ca_file("f").ca_pem("p").pin_sha256(hex("")).insecure_no_verification().system_trust();
  CHECK(o.ca_file().empty());
  CHECK(o.ca_pem().empty());
  CHECK(o.pins().empty());
  CHECK_FALSE(o.is_insecure());
}
