#include "sweep/meter.hpp"

#include "catch.hpp"

#include <cmath>

using namespace std::chrono_literals;
using hvc::sweeping::meter;

namespace {

constexpr time_point start{1'000s};

// `n` done, evenly, from `from` on.
time_point work(meter& m, time_point from, int n, std::chrono::nanoseconds each) {
  for (int i = 0; i < n; ++i)
    m.one_done(from += each);
  return from;
}

bool near(double value, double expected) { return std::abs(value - expected) <= expected * 0.02; }

} // namespace

TEST_CASE("a steady rate is told from the first second on") {
  meter m;
  m.start(start);
  auto now = work(m, start, 1'000, 1ms);
  CHECK(near(m.per_second(now), 1'000));
  now = work(m, now, 100'000, 1ms);
  CHECK(near(m.per_second(now), 1'000));
}

TEST_CASE("a change of pace is told within seconds") {
  meter m;
  m.start(start);
  auto now = work(m, start, 60'000, 1ms);
  now = work(m, now, 2'000, 10ms); // 20 s at a tenth
  CHECK(m.per_second(now) < 120);
  CHECK(m.per_second(now) > 100);
}

TEST_CASE("a standstill lets the rate fall and the time left grow, until none is told") {
  meter m;
  m.start(start);
  auto const now = work(m, start, 10'000, 1ms);
  auto const before = m.time_left(1'000, now);
  CHECK(before == 1s);
  CHECK(m.time_left(1'000, now + 10s) > 5s);
  CHECK_FALSE(m.time_left(1'000, now + 1h));
}

TEST_CASE("nothing done is no rate, and no time left is known; nothing to do takes none") {
  meter m;
  m.start(start);
  CHECK(m.per_second(start) == 0);
  CHECK_FALSE(m.time_left(5, start + 1s));
  CHECK(m.time_left(0, start) == 0s);
}

TEST_CASE("what is told late by another thread counts, and turns no clock back") {
  meter m;
  m.start(start);
  m.one_done(start + 1s);
  m.one_done(start + 900ms);
  CHECK(near(m.per_second(start + 1s), 2 / (5 * -std::expm1(-0.2))));
}
