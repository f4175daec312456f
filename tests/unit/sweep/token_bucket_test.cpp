#include "sweep/token_bucket.hpp"

#include "catch.hpp"

#include <algorithm>
#include <deque>

using namespace std::chrono_literals;
using hvc::time_point;
using hvc::sweeping::token_bucket;

namespace {

constexpr time_point beginning{1'000s};

unsigned drain(token_bucket& b, time_point now) {
  unsigned n = 0;
  while (n < 1'000'000 && b.take(now))
    ++n;
  return n;
}

} // namespace

TEST_CASE("a full bucket holds what 50 ms bring, and at least one token") {
  for (auto const& [rate, tokens] :
       {std::pair(0.1, 1U), std::pair(1.0, 1U), std::pair(20.0, 1U), std::pair(200.0, 10U), std::pair(1'000.0, 50U)}) {
    token_bucket b(rate);
    CAPTURE(rate);
    CHECK(drain(b, beginning) == tokens);
    CHECK(drain(b, beginning + 1h) == tokens); // rest fills it, and no further
  }
}

TEST_CASE("an empty bucket says when the next token comes, and has it then and not before") {
  token_bucket b(200);
  drain(b, beginning);
  CHECK(b.next() == beginning + 5ms);
  CHECK_FALSE(b.take(beginning + 5ms - 1ns));
  CHECK(b.take(beginning + 5ms));
  CHECK(b.next() == beginning + 10ms);
}

TEST_CASE("no second sees more than the rate and one bucket, and a busy time sees just the rate") {
  for (double const rate : {0.5, 3.0, 200.0, 1'500.0}) {
    token_bucket b(rate);
    std::deque<time_point> last_second;
    std::uint64_t taken = 0;
    for (auto now = beginning; now < beginning + 100s; now = std::max(now, b.next())) {
      if (!b.take(now))
        FAIL("no token when there should be one");
      ++taken;
      last_second.push_back(now);
      while (last_second.front() <= now - 1s)
        last_second.pop_front();
      if (static_cast<double>(last_second.size()) > rate + std::max(1.0, rate / 20))
        FAIL("a second with more than its share");
    }
    CAPTURE(rate, taken);
    CHECK(static_cast<double>(taken) >= 100 * rate * 0.999 - 1);
    CHECK(static_cast<double>(taken) <= 100 * rate + std::max(1.0, rate / 20));
  }
}

TEST_CASE("a rate of 0 is no limit") {
  token_bucket b(0);
  CHECK(drain(b, beginning) == 1'000'000);
  CHECK(b.next() <= beginning);
}

TEST_CASE("absurd rates overflow nothing") {
  token_bucket slow(1e-300);
  CHECK(slow.take(beginning));
  CHECK_FALSE(slow.take(beginning + 24h));
  token_bucket fast(1e300);
  CHECK(drain(fast, beginning) > 1'000);
}
