#include "watch/pace.hpp"

#include "error_builder.hpp"

#include "catch.hpp"

#include <algorithm>
#include <limits>

using namespace std::chrono_literals;
using namespace hvc;
using std::chrono::milliseconds;
using watching::pace;

namespace {

sync_info every(std::int64_t seconds) {
  sync_info i;
  i.polling_interval_in_seconds = seconds;
  return i;
}

error failed(std::chrono::seconds retry_after = 0s) {
  return error_builder(error(error_kind::connection_lost)).retry_after(retry_after).build();
}

// Within a tenth above, and never below.
bool about(milliseconds d, milliseconds expected) { return d >= expected && d <= expected + expected / 10; }

} // namespace

TEST_CASE("the server's interval is the pace, from 10 s to a day, and a minute where it says none") {
  for (auto const& [said, expected] : {std::pair<std::int64_t, milliseconds>(300, 300s),
                                       {9, 10s},
                                       {1, 10s},
                                       {10, 10s},
                                       {11, 11s},
                                       {0, 60s},
                                       {-5, 60s},
                                       {86'400, 24h},
                                       {86'401, 24h},
                                       {std::numeric_limits<std::int64_t>::max(), 24h},
                                       {std::numeric_limits<std::int64_t>::min(), 60s}}) {
    pace p(std::nullopt, 1);
    CAPTURE(said);
    CHECK(about(p.after(every(said)), expected));
  }
}

TEST_CASE("what was asked for beats what the server says, also where it is less") {
  pace p(500ms, 1);
  CHECK(about(p.after(every(300)), 500ms));
}

TEST_CASE("a thousand rests are never shorter than asked, and not all the same") {
  pace p(1'000ms, 7);
  auto least = milliseconds::max(), most = milliseconds(0);
  for (int i = 0; i < 1'000; ++i) {
    auto const rest = p.after(every(300));
    least = std::min(least, rest);
    most = std::max(most, rest);
  }
  CHECK(least >= 1'000ms);
  CHECK(least < 1'005ms);
  CHECK(most <= 1'100ms);
  CHECK(most > 1'095ms);
}

TEST_CASE("failures one after the other double the rest, up to a minute; an answer ends that") {
  pace p(5s, 1);
  for (auto const expected : {5s, 10s, 20s, 40s, 60s, 60s, 60s})
    CHECK(about(p.after(failed()), expected));
  CHECK(about(p.after(every(300)), 5s));
  CHECK(about(p.after(failed()), 5s));
}

TEST_CASE("an interval beyond a minute is no longer after failures") {
  pace p(std::nullopt, 1);
  CHECK(about(p.after(every(300)), 300s));
  for (int i = 0; i < 100; ++i)
    CHECK(about(p.after(failed()), 300s));
}

TEST_CASE("before the server has said anything, a failure costs a minute") {
  pace p(std::nullopt, 1);
  CHECK(about(p.after(failed()), 60s));
}

TEST_CASE("Retry-After is waited for, at most a day") {
  pace p(1s, 1);
  CHECK(about(p.after(failed(30s)), 30s));
  CHECK(about(p.after(failed(1s)), 2s)); // the back-off is longer
  CHECK(about(p.after(failed(std::chrono::seconds(1'000'000'000'000))), 24h));
}
