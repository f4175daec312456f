#include "retry/policy.hpp"

#include "dispatch/prng.hpp"
#include "error_builder.hpp"

#include "catch.hpp"

#include <algorithm>
#include <array>
#include <deque>

using namespace std::chrono_literals;
using namespace hvc;
using std::chrono::milliseconds;

namespace {

constexpr auto highest = ~std::uint64_t(0);

error reply(int status, bool retryable, std::chrono::seconds retry_after = 0s) {
  return error_builder(error(error_kind::http_status))
      .http_status(status)
      .retryable(retryable)
      .retry_after(retry_after)
      .build();
}

struct decision {
  retry_options options{};
  unsigned attempts = 1;
  unsigned max_attempts = 3;
  std::chrono::nanoseconds time_left = 30s;
  std::uint64_t random = highest;
  retry::budget budget{500};
  std::optional<retry::again> operator()(error const& e) {
    return retry::decide(options, e, attempts, max_attempts, time_left, random, budget);
  }
};

} // namespace

TEST_CASE("R1 R6 replies that say they may succeed later are retried, the others never") {
  CHECK(decision()(reply(503, true)));
  CHECK(decision()(reply(502, true)));
  CHECK(decision()(reply(500, true))); // of a type that says so
  CHECK_FALSE(decision()(reply(500, false)));
  CHECK_FALSE(decision()(reply(404, false)));
}

TEST_CASE("R7 what cannot be cured by asking again is not retried") {
  for (auto const kind : {error_kind::tls_verify, error_kind::pool_full, error_kind::deadline, error_kind::canceled,
                          error_kind::protocol, error_kind::limit, error_kind::content, error_kind::decode,
                          error_kind::route_unknown, error_kind::auth, error_kind::invalid_argument, error_kind::closed,
                          error_kind::connect_timeout, error_kind::tls_timeout, error_kind::resolve}) {
    CAPTURE(to_string(kind));
    CHECK_FALSE(decision()(error(kind)));
  }
  CHECK_FALSE(decision()(error(error_kind::tls_handshake, "version")));
  CHECK_FALSE(decision()(error(error_kind::resource, "fd")));
  CHECK_FALSE(decision()(error(error_kind::resource, "memory")));
}

TEST_CASE("C3 C6 C8 C12 failures of the way to the server are retried") {
  for (auto const kind : {error_kind::connect, error_kind::attempt_timeout, error_kind::connection_lost})
    CHECK(decision()(error(kind)));
  CHECK(decision()(error(error_kind::tls_handshake, "reset_in_handshake")));
  CHECK(decision()(error(error_kind::resource, "ports")));
  CHECK(decision()(error_builder(error(error_kind::resolve)).retryable(true).build()));
}

TEST_CASE("what is retried may succeed later") {
  for (int k = 0; k <= static_cast<int>(error_kind::closed); ++k)
    for (std::string_view const reason : {"", "reset_in_handshake", "ports"}) {
      error const e(static_cast<error_kind>(k), reason);
      if (retry::is_retried(e))
        CHECK(retry::may_succeed_later(e));
    }
}

TEST_CASE("R2 Retry-After is waited out, and at most a fifth longer") {
  dispatch::prng random(5);
  for (int i = 0; i < 10'000; ++i) {
    decision d;
    d.random = random();
    auto const again = d(reply(503, true, 2s));
    REQUIRE(again);
    REQUIRE(again->delay >= 2s);
    REQUIRE(again->delay <= 2'400ms);
  }
}

TEST_CASE("R4 a Retry-After beyond 60 s, or beyond what is left, ends the call at once") {
  decision d;
  d.random = 0;
  d.time_left = 1h;
  CHECK(d(reply(503, true, 60s)));
  CHECK_FALSE(d(reply(503, true, 61s)));
  CHECK_FALSE(d(reply(503, true, std::chrono::seconds(1'000'000'000'000))));
  d.time_left = 10s;
  CHECK_FALSE(d(reply(503, true, 11s)));
  CHECK(d.budget.tokens() == 495); // a retry that is not made costs nothing
}

TEST_CASE("R4 absurd numbers overflow nothing, whatever the options allow") {
  decision d;
  d.options.max_retry_after = milliseconds::max();
  d.time_left = std::chrono::nanoseconds::max();
  CHECK_FALSE(d(reply(503, true, std::chrono::seconds(1'000'000'000'000))));
  d.time_left = std::chrono::nanoseconds::min();
  CHECK_FALSE(d(reply(503, true, 1s)));
  CHECK_FALSE(d(error(error_kind::connect)));
}

TEST_CASE("R5 after 429 and 503 the back-off begins with a second, otherwise with 50 ms") {
  CHECK(decision()(reply(429, true))->delay == 1s);
  CHECK(decision()(reply(503, true))->delay == 1s);
  CHECK(decision()(reply(502, true))->delay == 50ms);
  CHECK(decision()(error(error_kind::connect))->delay == 50ms);
}

TEST_CASE("R8 there are as many attempts as allowed, and no more") {
  decision d;
  d.attempts = 2;
  CHECK(d(error(error_kind::connect)));
  d.attempts = 3;
  CHECK_FALSE(d(error(error_kind::connect)));
  d.attempts = 1;
  d.max_attempts = 1;
  CHECK_FALSE(d(error(error_kind::connect)));
}

TEST_CASE("R9 no sleeping to die: a back-off that reaches the deadline is not begun") {
  decision d;
  d.time_left = 50ms + 1ns;
  CHECK(d(error(error_kind::connect)));
  d.time_left = 50ms;
  CHECK_FALSE(d(error(error_kind::connect)));
  d.time_left = 50ms - 1ns;
  CHECK_FALSE(d(error(error_kind::connect)));
  d.time_left = 0ns;
  d.random = 0; // no wait at all
  CHECK_FALSE(d(error(error_kind::connect)));
  CHECK(d.budget.tokens() == 486);
}

TEST_CASE("R13 the back-off is uniform in [0, bound]") {
  dispatch::prng random(1);
  decision d;
  d.options.base = 999ms; // a thousand values, ten a class
  std::array<int, 100> classes{};
  constexpr int draws = 100'000;
  for (int i = 0; i < draws; ++i) {
    d.random = random();
    d.budget = retry::budget(500);
    auto const delay = d(error(error_kind::connect))->delay.count();
    REQUIRE(delay >= 0);
    REQUIRE(delay <= 999);
    ++classes[static_cast<std::size_t>(delay / 10)];
  }
  double chi_square = 0;
  for (int n : classes)
    chi_square += (n - draws / 100.0) * (n - draws / 100.0) / (draws / 100.0);
  CHECK(chi_square > 55.0); // 99 degrees of freedom: 0.01 % on either side
  CHECK(chi_square < 161.3);
}

TEST_CASE("R13 the bound doubles from attempt to attempt, up to the cap, and overflows at none") {
  decision d;
  d.max_attempts = 10'000;
  d.time_left = 1h;
  auto expected = 50ms + 0ms;
  for (unsigned attempt = 1; attempt <= 200; ++attempt) {
    d.attempts = attempt;
    d.budget = retry::budget(500);
    d.random = highest;
    CHECK(d(error(error_kind::connect))->delay == expected);
    d.random = 0;
    CHECK(d(error(error_kind::connect))->delay == 0ms);
    expected = std::min<milliseconds>(2 * expected, 20s);
  }
}

TEST_CASE("R13 a cap of a year overflows nothing at attempt 64") {
  decision d;
  d.options.base = d.options.cap = std::chrono::hours(24 * 365);
  d.attempts = 64;
  d.max_attempts = 100;
  d.time_left = std::chrono::nanoseconds::max();
  CHECK(d(error(error_kind::connect))->delay == std::chrono::hours(24 * 365));
  d.options.base = 1ms;
  CHECK(d(error(error_kind::connect))->delay == std::chrono::hours(24 * 365));
}

TEST_CASE(
    "R12 the budget: 14 a retry, 5 after throttling, 1 back for a success and the cost of a retry that succeeds") {
  decision d;
  CHECK(d(error(error_kind::connect))->cost == 14);
  CHECK(d(reply(429, true))->cost == 5);
  CHECK(d.budget.tokens() == 481);
  d.budget.succeeded(0);
  CHECK(d.budget.tokens() == 482);
  d.budget.succeeded(14);
  CHECK(d.budget.tokens() == 497);
  d.budget.succeeded(14);
  CHECK(d.budget.tokens() == 500);
}

TEST_CASE("R12 without tokens nothing is retried, and a refusal costs nothing") {
  decision d;
  d.budget = retry::budget(13);
  CHECK_FALSE(d(error(error_kind::connect)));
  CHECK(d.budget.tokens() == 13);
  CHECK(d(reply(503, true)));
  CHECK(d.budget.tokens() == 8);
}

TEST_CASE(
    "R12 with the server down for an hour at 10,000 calls a second no ten seconds see more than 1.2 requests a call") {
  constexpr int calls_a_second = 10'000;
  decision d;
  dispatch::prng random(12);
  std::deque<int> window; // requests of each of the last ten seconds
  for (int second = 0; second < 3'600; ++second) {
    int requests = 0;
    // After the budget is spent every second is like any other: a hundredth of the calls is enough to see it.
    int const calls = second < 20 ? calls_a_second : calls_a_second / 100;
    for (int i = 0; i < calls; ++i)
      for (d.attempts = 1;; ++d.attempts) {
        ++requests;
        d.random = random();
        if (!d(second % 2 == 0 ? error(error_kind::connect) : reply(503, true)))
          break;
      }
    window.push_back(requests * (calls_a_second / calls));
    if (window.size() > 10)
      window.pop_front();
    int sum = 0;
    for (int n : window)
      sum += n;
    REQUIRE(sum <= 1.2 * calls_a_second * static_cast<double>(window.size()));
  }
}

TEST_CASE("limit retry.base, retry.throttled_base and retry.cap: the wait reaches them, and does not pass them") {
  decision d;
  d.options = {.base = 100ms, .throttled_base = 300ms, .cap = 350ms};
  d.max_attempts = 100;
  CHECK(d(reply(502, true))->delay == 100ms);
  CHECK(d(reply(503, true))->delay == 300ms);
  for (auto const& [attempts, bound] : {std::pair(2U, 200ms), std::pair(3U, 350ms), std::pair(4U, 350ms)}) {
    d.attempts = attempts;
    CHECK(d(reply(502, true))->delay == bound);
  }
  d.random = 0;
  CHECK(d(reply(502, true))->delay == 0ms);
}

TEST_CASE("limit retry.max_retry_after: waited for up to that, beyond it the call ends") {
  decision d;
  d.options.max_retry_after = 20s;
  d.random = 0;
  CHECK(d(reply(503, true, 19s))->delay == 19s);
  CHECK(d(reply(503, true, 20s))->delay == 20s);
  CHECK_FALSE(d(reply(503, true, 21s)));
}

TEST_CASE("limit retry.budget: a retry is paid from it, or not made") {
  decision d;
  for (auto const& [tokens, left] : {std::pair(13U, 13U), std::pair(14U, 0U), std::pair(15U, 1U)}) {
    d.budget = retry::budget(tokens);
    CHECK(d(reply(502, true)).has_value() == (tokens >= 14));
    CHECK(d.budget.tokens() == left);
  }
}

TEST_CASE("limit deadline: a wait that would reach it is not begun") {
  decision d;
  d.options.base = 100ms;
  for (auto const& [left, waits] : {std::pair(99ms, false), std::pair(100ms, false), std::pair(101ms, true)}) {
    d.time_left = left;
    CHECK(d(reply(502, true)).has_value() == waits);
  }
}
