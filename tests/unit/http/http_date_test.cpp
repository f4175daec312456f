#include "catch.hpp"

#include "http/http_date.hpp"

using namespace hvc::http;
using namespace std::chrono;

namespace {

constexpr sys_seconds today{sys_days{year{2024} / 6 / 15} + 12h};
constexpr sys_seconds example{sys_days{year{1994} / 11 / 6} + 8h + 49min + 37s};

std::optional<sys_seconds> parse(std::string_view value) { return parse_http_date(value, today); }

} // namespace

TEST_CASE("R3 the three forms of RFC 9110 name the same second") {
  CHECK(parse("Sun, 06 Nov 1994 08:49:37 GMT") == example);
  CHECK(parse("Sunday, 06-Nov-94 08:49:37 GMT") == example);
  CHECK(parse("Sun Nov  6 08:49:37 1994") == example);
}

TEST_CASE("the ends of the calendar") {
  CHECK(parse("Thu, 01 Jan 1970 00:00:00 GMT") == sys_seconds{});
  CHECK(parse("Thu, 29 Feb 2024 23:59:59 GMT") == sys_seconds{sys_days{year{2024} / 2 / 29} + 24h - 1s});
  CHECK(parse("Sat, 31 Dec 2016 23:59:60 GMT") == sys_seconds{sys_days{year{2017} / 1 / 1}});
  CHECK(parse("Fri, 31 Dec 9999 23:59:59 GMT").has_value());
  CHECK(parse("Sat Jan 10 00:00:00 1970") == sys_seconds{days{9}});
}

TEST_CASE("a two-digit year lies at most fifty years ahead") {
  CHECK(parse("Saturday, 15-Jun-74 12:00:00 GMT") == sys_seconds{sys_days{year{2074} / 6 / 15} + 12h});
  CHECK(parse("Saturday, 15-Jun-74 12:00:01 GMT") == sys_seconds{sys_days{year{1974} / 6 / 15} + 12h + 1s});
  CHECK(parse("Saturday, 01-Jan-99 00:00:00 GMT") == sys_seconds{sys_days{year{1999} / 1 / 1}});
  CHECK(parse("Saturday, 01-Jan-00 00:00:00 GMT") == sys_seconds{sys_days{year{2000} / 1 / 1}});
  sys_seconds const end_of_century{sys_days{year{2098} / 1 / 1}};
  CHECK(parse_http_date("Sunday, 01-Jan-01 00:00:00 GMT", end_of_century) == sys_seconds{sys_days{year{2101} / 1 / 1}});
}

TEST_CASE("what is no date is nothing") {
  for (std::string_view const bad :
       {"", "Sun", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 UTC", "Sun, 6 Nov 1994 08:49:37 GMT",
        "Sun, 06 nov 1994 08:49:37 GMT", "Xxx, 06 Nov 1994 08:49:37 GMT", "Sun, 31 Nov 1994 08:49:37 GMT",
        "Sun, 00 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:00:00 GMT", "Sun, 06 Nov 1994 08:60:37 GMT",
        "Sun, 06 Nov 1994 08:49:61 GMT", "Sun, 29 Feb 2023 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 GMT ",
        "Sun, 06 Nov 94 08:49:37 GMT", "Sunday, 06-Nov-1994 08:49:37 GMT", "Sun Nov 6 08:49:37 1994",
        "Sun, 06 Nov -994 08:49:37 GMT", "Sunday, 29-Feb-23 08:49:37"})
    CHECK(!parse(bad));
}
