#include "catch.hpp"

#include "http/field.hpp"

#include <string>

using namespace hvc::http;
using namespace std::literals;

namespace {

constexpr std::chrono::sys_seconds now{std::chrono::sys_days{std::chrono::year{2024} / 6 / 15} + 12h};

std::optional<std::chrono::seconds> wait(std::string_view value) { return parse_retry_after(value, now); }

} // namespace

TEST_CASE("a field name is a token") {
  CHECK(is_field_name("X-Request-ID"));
  CHECK(is_field_name("!#$%&'*+-.^_`|~09azAZ"));
  for (std::string_view const bad : {""sv, "a b"sv, "a:"sv, "\xE9"sv, "a\0"sv, "(a)"sv, "a\r"sv, "\""sv})
    CHECK(!is_field_name(bad));
}

TEST_CASE("S10 a field value holds no control character but the tabulator, and no white space at its ends") {
  for (std::string_view const good :
       {""sv, "a"sv, "a\tb c"sv, "\x80\xFF"sv, "a longer value, of more than eight bytes"sv})
    CHECK(is_field_value(good));
  for (std::string_view const bad :
       {" a"sv, "a "sv, "\ta"sv, "a\t"sv, "a\r\nb"sv, "a\nb"sv, "a\0b"sv, "\x7F"sv, "\x1B[0m"sv})
    CHECK(!is_field_value(bad));
}

TEST_CASE("a control character is found at any place of a value") {
  for (std::size_t size = 1; size < 40; ++size)
    for (std::size_t at = 0; at < size; ++at)
      for (int c = 0; c < 256; ++c) {
        std::string value(size, 'x');
        value[at] = static_cast<char>(c);
        bool const at_end = at == 0 || at + 1 == size;
        bool const blank = c == ' ' || c == '\t';
        bool const expected = blank ? !at_end : c >= 0x20 && c != 0x7F;
        if (is_field_value(value) != expected) {
          CAPTURE(size, at, c);
          REQUIRE(false);
        }
      }
}

TEST_CASE("names compare without case, other characters do not") {
  CHECK(iequals("Content-Type", "cONTENT-tYPE"));
  CHECK(!iequals("a", "ab"));
  CHECK(!iequals("a-b", "a\rb"));
  CHECK(!iequals("@", "`"));
  CHECK(!iequals("[", "{"));
}

TEST_CASE("R2 Retry-After in seconds") {
  CHECK(wait("2") == 2s);
  CHECK(wait("0") == 0s);
  CHECK(wait(" 007 ") == 7s);
}

TEST_CASE("R3 Retry-After as a date of any form") {
  CHECK(wait("Sat, 15 Jun 2024 12:00:30 GMT") == 30s);
  CHECK(wait("Saturday, 15-Jun-24 12:00:30 GMT") == 30s);
  CHECK(wait("Sat Jun 15 12:00:30 2024") == 30s);
  CHECK(wait("Sat, 15 Jun 2024 11:59:59 GMT") == 0s);
  CHECK(wait("Sun, 06 Nov 1994 08:49:37 GMT") == 0s);
}

TEST_CASE("R4 an absurd Retry-After saturates, garbage is nothing") {
  CHECK(wait("1000000000000") == longest_delta);
  CHECK(wait(std::string(400, '9')) == longest_delta);
  CHECK(wait("Fri, 31 Dec 9999 23:59:59 GMT") == longest_delta);
  for (std::string_view const garbage :
       {"-1", "1e3", "soon", "", " ", "+1", "1.5", "1s", "1, 2", "0x10", "Sat, 15 Jun 2024"})
    CHECK(!wait(garbage));
}

TEST_CASE("H33 only JSON in UTF-8 is JSON") {
  for (std::string_view const good :
       {"application/json", "Application/JSON", "application/json;charset=utf-8", "application/json; charset=UTF-8",
        "application/json; charset=\"utf-8\"", "application/json;charset=us-ascii", "application/problem+json",
        "application/json;", "application/json ; odata=x", "application/json; x=\"a;charset=utf-16\"",
        " application/json"})
    CHECK(is_json(good));
  for (std::string_view const bad :
       {"", "text/html", "text/json", "application/jsonp", "application/json5", "application/vnd.x+json", "application",
        "application/json; charset=utf-16", "application/json; charset=\"utf-16le\"",
        "application/json; charset=iso-8859-1", "application/json; charset",
        "application/json; charset=utf-8; charset=utf-16", "application/json, text/html"})
    CHECK(!is_json(bad));
}
