#include <hvc/codec.hpp>

#include "catch.hpp"

using namespace hvc;
using namespace std::chrono;

namespace {
date_time at(int y, unsigned m, unsigned d, int h, int min, int s, int micros = 0) {
  return sys_days(year(y) / month(m) / day(d)) + hours(h) + minutes(min) + seconds(s) + microseconds(micros);
}
} // namespace

TEST_CASE("J17 date-times of RFC 3339 are read") {
  CHECK(parse_date_time("2026-03-14T09:26:53.589Z") == at(2026, 3, 14, 9, 26, 53, 589'000));
  CHECK(parse_date_time("2026-03-14t09:26:53z") == at(2026, 3, 14, 9, 26, 53));
  CHECK(parse_date_time("2026-03-14T09:26:53+00:00") == at(2026, 3, 14, 9, 26, 53));
  CHECK(parse_date_time("2026-03-14T09:26:53-00:00") == at(2026, 3, 14, 9, 26, 53));
  CHECK(parse_date_time("2026-03-14T09:26:53+05:30") == at(2026, 3, 14, 3, 56, 53));
  CHECK(parse_date_time("2026-03-14T09:26:53.5-23:59") == at(2026, 3, 15, 9, 25, 53, 500'000));
  CHECK(parse_date_time("2026-03-14T09:26:53.000001Z") == at(2026, 3, 14, 9, 26, 53, 1));
  CHECK(parse_date_time("2026-03-14T09:26:53.9999999999999Z") == at(2026, 3, 14, 9, 26, 53, 999'999));
  CHECK(parse_date_time("2024-02-29T00:00:00Z") == at(2024, 2, 29, 0, 0, 0));
  CHECK(parse_date_time("0000-01-01T00:00:00Z") == at(0, 1, 1, 0, 0, 0));
  CHECK(parse_date_time("9999-12-31T23:59:59.999999Z") == at(9999, 12, 31, 23, 59, 59, 999'999));
}

TEST_CASE("J17 a leap second is the next second, at the end of a day in UTC only") {
  CHECK(parse_date_time("2016-12-31T23:59:60Z") == at(2017, 1, 1, 0, 0, 0));
  CHECK(parse_date_time("2016-12-31T15:59:60.5-08:00") == at(2017, 1, 1, 0, 0, 0, 500'000));
  CHECK_FALSE(parse_date_time("2016-12-31T22:59:60Z"));
  CHECK_FALSE(parse_date_time("2016-12-31T23:58:60Z"));
  CHECK_FALSE(parse_date_time("2016-12-31T23:59:61Z"));
}

TEST_CASE("J17 what is not RFC 3339 is no date-time") {
  for (std::string_view text : {"",
                                "string",
                                "2026-03-14",
                                "2026-03-14T09:26:53",
                                "2026-03-14T09:26Z",
                                "2026-03-14 09:26:53Z",
                                "2026-03-14T24:00:00Z",
                                "2026-03-14T09:60:00Z",
                                "2026-13-14T09:26:53Z",
                                "2026-00-14T09:26:53Z",
                                "2026-02-29T09:26:53Z",
                                "2026-04-31T09:26:53Z",
                                "2026-03-00T09:26:53Z",
                                "10000-01-01T00:00:00Z",
                                "-026-03-14T09:26:53Z",
                                "+026-03-14T09:26:53Z",
                                "2026-03-14T09:26:53.Z",
                                "2026-03-14T09:26:53,5Z",
                                "2026-03-14T09:26:53.5",
                                "2026-03-14T09:26:53+0000",
                                "2026-03-14T09:26:53+00",
                                "2026-03-14T09:26:53+24:00",
                                "2026-03-14T09:26:53+00:60",
                                "2026-03-14T09:26:53Z ",
                                " 2026-03-14T09:26:53Z",
                                "2026-03-14T09:26:53ZZ",
                                "2026-03-14T09:26:53+00:00Z",
                                "2026-3-14T09:26:53Z",
                                "2026-03-14T9:26:53Z",
                                "2026-03-1xT09:26:53Z",
                                "2026/03/14T09:26:53Z",
                                "2026-03-14T09-26-53Z",
                                "20260314T092653Z",
                                "0000-01-01T00:00:00+00:01",
                                "9999-12-31T23:59:59-00:01",
                                "9999-12-31T23:59:60Z",
                                "2026-03-14T09:26:53+0a:00"}) {
    INFO(text);
    CHECK_FALSE(parse_date_time(text));
  }
  CHECK_FALSE(parse_date_time(std::string_view("2026-03-14T09:26:53Z\0", 21)));
}

TEST_CASE("a date-time is written in UTC with three digits, or six where it needs them") {
  CHECK(format_date_time(at(2026, 3, 14, 9, 26, 53, 589'000)) == "2026-03-14T09:26:53.589Z");
  CHECK(format_date_time(at(1969, 12, 31, 23, 59, 59, 1)) == "1969-12-31T23:59:59.000001Z");
  CHECK(format_date_time(at(7, 1, 2, 3, 4, 5)) == "0007-01-02T03:04:05.000Z");
  CHECK(format_date_time(at(0, 1, 1, 0, 0, 0)) == "0000-01-01T00:00:00.000Z");
}

TEST_CASE("times the API cannot name are written as the nearest it can") {
  CHECK(format_date_time(date_time::max()) == "9999-12-31T23:59:59.999999Z");
  CHECK(format_date_time(date_time::min()) == "0000-01-01T00:00:00.000Z");
}

TEST_CASE("every day of four centuries is read as it was written") {
  auto day = sys_days(year(1900) / 1 / 1);
  for (; day < sys_days(year(2300) / 1 / 1); day += days(1)) {
    date_time const t = day + hours(12);
    if (parse_date_time(format_date_time(t)) != t)
      FAIL(format_date_time(t));
  }
}
