#include "catch.hpp"

#include "hex.hpp"

#include <string_view>

TEST_CASE("hexadecimal digits of either case have their values, and no other byte has one") {
  constexpr std::string_view lower = "0123456789abcdef", upper = "0123456789ABCDEF";
  for (int c = 0; c < 256; ++c) {
    auto const byte = static_cast<char>(c);
    auto const value = lower.find(byte) != lower.npos ? lower.find(byte) : upper.find(byte);
    CHECK(hvc::hex_value(byte) == (value == lower.npos ? -1 : static_cast<int>(value)));
  }
}
