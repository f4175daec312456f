#include "api/sanitise.hpp"

#include "api/utf8.hpp"

#include "catch.hpp"

#include <random>

using hvc::sanitised;
using namespace std::string_view_literals;

TEST_CASE("J22 control characters and terminal escape sequences are removed") {
  CHECK(sanitised("plain text, é €", 100) == "plain text, é €");
  CHECK(sanitised("a\x1b[31mred\x1b[0m b", 100) == "ared b");
  CHECK(sanitised("a\x1b]0;title\x07z", 100) == "az");
  CHECK(sanitised("a\x1b]8;;http://x\x1b\\link", 100) == "alink");
  CHECK(sanitised("a\x1bPq#0\x1b\\z", 100) == "az");
  CHECK(sanitised("a\x1b(Bz\x1b", 100) == "az");
  CHECK(sanitised("a\r\n\tb\0c\x7f"sv, 100) == "a bc");
  CHECK(sanitised("a\xC2\x9B"
                  "31mz",
                  100) == "a31mz");
  CHECK(sanitised("a\u202Eb\u2066c\u2028d\u200Fe", 100) == "abcde");
}

TEST_CASE("a control string that never ends hides nothing") {
  CHECK(sanitised("a\x1b]0;important", 100) == "a0;important");
}

TEST_CASE("bytes that are no UTF-8 are shown as question marks") { CHECK(sanitised("a\xFF\xC3z", 100) == "a??z"); }

TEST_CASE("long texts are cut between characters") {
  CHECK(sanitised("0123456789", 10) == "0123456789");
  CHECK(sanitised("0123456789a", 10) == "0123456...");
  CHECK(sanitised("ééééé", 9) == "ééé...");
  CHECK(sanitised("ééééé", 8) == "éé...");
  CHECK(sanitised("abc", 2) == "..");
  CHECK(sanitised("abc", 0).empty());
  CHECK(sanitised(std::string(1'000'000, 'x'), 256).size() == 256);
}

TEST_CASE("whatever comes in, printable UTF-8 of one line comes out") {
  std::mt19937 random(7);
  for (int round = 0; round < 50'000; ++round) {
    std::string text;
    for (auto n = random() % 40; n != 0; --n)
      text.push_back("\x1b[]P\\\x07\xC2\x9B\xE2\x80\xAE\n az;0\xFF\x00"[random() % 18]);
    auto const out = sanitised(text, 24);
    bool good = out.size() <= 24;
    for (auto const* p = out.data(); p != out.data() + out.size();) {
      auto const length = hvc::utf8_length(p, out.data() + out.size());
      good = good && length != 0 && static_cast<unsigned char>(*p) >= 0x20 && *p != 0x7f;
      good = good && !(length == 2 && p[0] == '\xC2' && static_cast<unsigned char>(p[1]) < 0xA0);
      p += length == 0 ? 1 : length;
    }
    if (!good)
      FAIL(round);
  }
}
