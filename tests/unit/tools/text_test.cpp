#include "tools/sync/text.hpp"

#include "catch.hpp"

using namespace hvc::tools;
using lines = std::vector<std::string>;

TEST_CASE("what would steer a terminal is shown as a question mark") {
  CHECK(printable("a\x1b[31mb") == "a?[31mb");
  CHECK(printable("bell\a, delete\x7f") == "bell?, delete?");
  CHECK(printable("C1: \u009b31m") == "C1: ?31m");
  CHECK(printable("turned \u202Eround\u2069") == "turned ?round?");
  CHECK(printable(std::string_view("a\0b", 3)) == "a?b");
}

TEST_CASE("line ends and tabs become spaces") { CHECK(printable("a\nb\tc\r") == "a b c "); }

TEST_CASE("text of any language stays as it is") {
  for (auto const* text : {"Zürich", "東京", "مرحبا", "🛰 vc", "e\u0301"}) {
    CAPTURE(text);
    CHECK(printable(text) == text);
  }
}

TEST_CASE("bytes that are no UTF-8 are shown as question marks") {
  CHECK(printable("\xff") == "?");
  CHECK(printable("\xc0\xaf") == "??");           // overlong
  CHECK(printable("\xe0\x80\xaf") == "???");      // overlong
  CHECK(printable("\xed\xa0\x80") == "???");      // a surrogate
  CHECK(printable("\xf4\x90\x80\x80") == "????"); // beyond U+10FFFF
  CHECK(printable("cut \xe6\x9d") == "cut ??");
}

TEST_CASE("columns are counted, not bytes") {
  CHECK(columns("") == 0);
  CHECK(columns("abc") == 3);
  CHECK(columns("Zürich") == 6);
  CHECK(columns("東京") == 4);
  CHECK(columns("e\u0301") == 1);
  CHECK(columns("🛰") == 2);
}

TEST_CASE("a long text is broken between words") {
  CHECK(wrapped("one two three", 7) == lines{"one two", "three"});
  CHECK(wrapped("one two three", 8) == lines{"one two", "three"});
  CHECK(wrapped("one two three", 13) == lines{"one two three"});
  CHECK(wrapped("東京 大阪", 8) == lines{"東京", "大阪"});
}

TEST_CASE("a word longer than the line stays whole") {
  CHECK(wrapped("see com.vmware.vcenter.hvc now", 10) == lines{"see", "com.vmware.vcenter.hvc", "now"});
}

TEST_CASE("line ends of the text itself are kept") {
  CHECK(wrapped("first\r\nsecond\n\nthird", 0) == lines{"first", "second", "", "third"});
  CHECK(wrapped("", 10) == lines{""});
}

TEST_CASE("without a width nothing is broken") { CHECK(wrapped("one two three", 0) == lines{"one two three"}); }

TEST_CASE("a number has its thousands apart") {
  CHECK(grouped(0) == "0");
  CHECK(grouped(999) == "999");
  CHECK(grouped(1'000) == "1,000");
  CHECK(grouped(1'234'567) == "1,234,567");
}

TEST_CASE("a word too long to hang below its title stands at the margin, whole") {
  CHECK(hanging("say aaaaaaaaaaaaaaaaaaaaaaaaa again", 6, 30) == "say\naaaaaaaaaaaaaaaaaaaaaaaaa\n      again\n");
  CHECK(hanging("say\naaaaaaaaaaaaaaaaaaaaaaaaa", 6, 0) == "say\n      aaaaaaaaaaaaaaaaaaaaaaaaa\n");
}
