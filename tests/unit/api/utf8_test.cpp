#include "api/utf8.hpp"

#include "catch.hpp"

TEST_CASE("every code point is written well-formed, and surrogates never are") {
  for (unsigned code = 0; code <= 0x10FFFF; ++code) {
    std::string text;
    hvc::append_utf8(text, code);
    bool const surrogate = code >= 0xD800 && code < 0xE000;
    auto const length = hvc::utf8_length(text.data(), text.data() + text.size());
    auto const first = hvc::first_character(text);
    if (length != (surrogate ? 0 : text.size()) || first.valid == surrogate || first.code != (surrogate ? 0 : code))
      FAIL(code);
  }
}

TEST_CASE("two bytes are well-formed in 1,920 cases beside ASCII, three in 61,440, four in 1,048,576") {
  unsigned two = 0, three = 0, four = 0;
  for (unsigned lead = 0x80; lead < 0x100; ++lead)
    for (unsigned second = 0; second < 0x100; ++second) {
      char const text[] = {static_cast<char>(lead), static_cast<char>(second), '\x80', '\x80'};
      auto const length = hvc::utf8_length(text, text + 4);
      two += length == 2 ? 1 : 0;
      three += length == 3 ? 64 : 0;
      four += length == 4 ? 64 * 64 : 0;
    }
  CHECK(two == 1920);
  CHECK(three == 61440);
  CHECK(four == 1048576);
}
