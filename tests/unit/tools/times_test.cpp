#include "tools/sync/times.hpp"

#include "catch.hpp"

using namespace hvc::tools;
using namespace std::chrono_literals;

namespace {

hvc::date_time at(std::chrono::sys_days day, std::chrono::microseconds of_day) { return day + of_day; }

constexpr std::chrono::sys_days pi_day = std::chrono::year(2026) / 3 / 14;

} // namespace

TEST_CASE("a time-out has a unit, and a bare number is seconds") {
  CHECK(parse_duration("500ms") == 500ms);
  CHECK(parse_duration("30s") == 30s);
  CHECK(parse_duration("30") == 30s);
  CHECK(parse_duration("2m") == 2min);
  CHECK(parse_duration("1h") == 1h);
  CHECK(parse_duration("8760h") == 8760h);
}

TEST_CASE("what is no time-out is refused") {
  for (auto const* text : {"", "s", "0", "0ms", "-1", "+1", " 1", "1 s", "1.5s", "1d", "1S", "ms1", "8761h",
                           "4294967296", "99999999999999999999", "1s1"}) {
    CAPTURE(text);
    CHECK(!parse_duration(text));
  }
}

TEST_CASE("a duration is told in the largest unit that says something") {
  CHECK(duration_text(0us) == "0 us");
  CHECK(duration_text(999us) == "999 us");
  CHECK(duration_text(1ms) == "1 ms");
  CHECK(duration_text(1'100us) == "1.1 ms");
  CHECK(duration_text(9'999us) == "9.9 ms");
  CHECK(duration_text(10ms) == "10 ms");
  CHECK(duration_text(999'999us) == "999 ms");
  CHECK(duration_text(4'299ms) == "4.2 s");
  CHECK(duration_text(4s) == "4 s");
  CHECK(duration_text(10s) == "10 s");
  CHECK(duration_text(119s) == "119 s");
  CHECK(duration_text(120s) == "2 min");
  CHECK(duration_text(119min) == "119 min");
  CHECK(duration_text(2h) == "2 h");
  CHECK(duration_text(47h) == "47 h");
  CHECK(duration_text(48h) == "2 d");
}

TEST_CASE("an age is told as past, and as future where the clocks disagree") {
  auto const nine = at(pi_day, 9h);
  CHECK(age_text(nine - 3min, nine) == "3 min ago");
  CHECK(age_text(nine, nine) == "just now");
  CHECK(age_text(nine + 500ms, nine) == "just now");
  CHECK(age_text(nine + 5min, nine) == "in 5 min");
}

TEST_CASE("a point in time is shown in UTC, to the second") {
  CHECK(utc_text(at(pi_day, 9h + 26min + 53s)) == "2026-03-14 09:26:53 UTC");
  CHECK(utc_text(at(pi_day, 589us)) == "2026-03-14 00:00:00 UTC");
}
