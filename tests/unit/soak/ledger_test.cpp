#include "tools/soak/ledger.hpp"

#include "error_builder.hpp"

#include "catch.hpp"

using namespace hvc;
using namespace hvc::soak;
using namespace std::chrono_literals;

namespace {

constexpr unsigned concurrency = 3;
constexpr auto in_time = -1s; // before the deadline

std::uint64_t patient_call(ledger const& l, std::uint64_t from = 0) {
  while (l.temper_of(from) != temper::patient)
    ++from;
  return from;
}

void succeed(ledger& l, std::uint64_t call) {
  static_cast<void>(l.arrived(call, true));
  l.answered(call, in_time, {});
}

} // namespace

TEST_CASE("a soak is settled when more calls succeeded since the last login than can have had an older session") {
  ledger l(10'000, concurrency, 1, 0);
  l.login_arrived();
  std::uint64_t call = 0;
  for (unsigned n = 0; n != concurrency; ++n) {
    succeed(l, call++);
    CHECK_FALSE(l.settled());
  }
  succeed(l, call++);
  CHECK(l.settled());
  l.login_arrived();
  CHECK_FALSE(l.settled());
}

TEST_CASE("a soak is not settled while the server is away, and until the budget of retries is full again") {
  ledger l(10'000, concurrency, 1, 0);
  std::uint64_t call = 0;
  for (unsigned n = 0; n != 10; ++n)
    succeed(l, call++);
  CHECK(l.settled());
  l.went_away();
  CHECK_FALSE(l.settled());
  l.came_back();
  for (unsigned n = 0; n != 500; ++n) {
    CHECK_FALSE(l.settled());
    succeed(l, call++);
  }
  CHECK(l.settled());
}

TEST_CASE("a success that the server never answered, and an answer to another question, are told") {
  ledger l(10'000, concurrency, 1, 0);
  auto const one = patient_call(l), other = patient_call(l, one + 1);
  l.answered(one, in_time, {});
  CHECK(l.count().unexpected == 1);
  static_cast<void>(l.arrived(other, true));
  l.answered(other, in_time, "asked for a, told of b");
  CHECK(l.count().wrong == 1);
  CHECK(l.count().explanations.size() == 2);
}

TEST_CASE("a failure that nothing explains is told, and one while the server is away is not") {
  ledger l(10'000, concurrency, 1, 0);
  auto const call = patient_call(l), next = patient_call(l, call + 1);
  auto const refused = error_builder(error(error_kind::connect)).retryable(true).build();
  l.failed(call, in_time, refused);
  CHECK(l.count().unexpected == 1);
  l.went_away();
  l.failed(next, in_time, refused);
  CHECK(l.count().unexpected == 1);
  CHECK(l.count().away == 1);
}

TEST_CASE("a call that ends twice is told, and so is how late the latest was") {
  ledger l(10'000, concurrency, 1, 0);
  succeed(l, 0);
  l.answered(0, 7ms, {});
  CHECK(l.count().ended == 1);
  CHECK(l.count().ended_twice == 1);
  CHECK(l.count().latest == 7ms);
}

TEST_CASE("of so many exchanges the share of faults is met, none of them a second refusal of a call's session") {
  ledger l(100'000, concurrency, 1, 0.1);
  unsigned refusals = 0;
  for (std::uint64_t call = 0; call != 100'000; ++call) {
    unsigned of_this = 0;
    for (unsigned n = 0; n != 3; ++n)
      if (auto const* const f = l.arrived(call, true))
        of_this += f->word == "401" ? 1U : 0U;
    CHECK(of_this <= 1);
    refusals += of_this;
  }
  auto const f = l.count();
  CHECK(f.exchanges == 300'000);
  CHECK(f.faulty_exchanges > 29'000);
  CHECK(f.faulty_exchanges < 31'000);
  CHECK(refusals > 500);
}
