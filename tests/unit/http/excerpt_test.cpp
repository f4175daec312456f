#include "catch.hpp"

#include "http/excerpt.hpp"

#include <random>

using namespace hvc::http;
using namespace std::literals;

TEST_CASE("plain text stays, white space shrinks") {
  CHECK(excerpt("no healthy upstream") == "no healthy upstream");
  CHECK(excerpt(" \r\n<html>\r\n\t <b>503</b>\v\f</html>\n") == "<html> <b>503</b> </html>");
  CHECK(excerpt("").empty());
  CHECK(excerpt(" \n ").empty());
}

TEST_CASE("control characters never reach a terminal") {
  CHECK(excerpt("a\x1B[31mb\0c\x07\x7F"sv) == "a?[31mb?c??");
  CHECK(excerpt("a\xC2\x9B"
                "31mb") == "a?31mb");
  CHECK(excerpt("a\xE2\x80\xAE"
                "b\xE2\x80\xA8"
                "c\xE2\x81\xA6") == "a?b?c?");
}

TEST_CASE("characters beyond ASCII stay, what is no UTF-8 does not") {
  CHECK(excerpt("caf\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80") == "caf\xC3\xA9 \xE2\x82\xAC \xF0\x9F\x98\x80");
  CHECK(excerpt("\x80 \xC3 \xC0\x80 \xED\xA0\x80 \xF4\x90\x80\x80 \xE2\x82") == "? ? ?? ??? ???? ??");
}

TEST_CASE("an excerpt ends at a character, within its limit") {
  CHECK(excerpt(std::string(1'000, 'x')).size() == 256);
  CHECK(excerpt("abc\xE2\x82\xAC", 5) == "abc");
  CHECK(excerpt("abc\xE2\x82\xAC", 6) == "abc\xE2\x82\xAC");
  CHECK(excerpt("ab  c", 3) == "ab");
  CHECK(excerpt("ab  c", 4) == "ab c");
  CHECK(excerpt("abc", 0).empty());
}

TEST_CASE("an excerpt of anything is short, one line, and an excerpt of itself") {
  std::mt19937 random{1};
  std::uniform_int_distribution<int> any_byte{0, 255};
  for (int i = 0; i < 10'000; ++i) {
    std::string body(40, ' ');
    for (char& c : body)
      c = static_cast<char>(any_byte(random));
    std::string const once = excerpt(body, 32);
    CAPTURE(body, once);
    REQUIRE(once.size() <= 32);
    REQUIRE(once.find_first_of("\r\n\t\x1B\x7F") == std::string::npos);
    REQUIRE(excerpt(once, 32) == once);
  }
}
