#include "dispatch/deadline_queue.hpp"

#include "dispatch/prng.hpp"

#include "catch.hpp"

#include <map>

using namespace std::chrono_literals;
using hvc::time_point;
using hvc::dispatch::deadline_queue;
using hvc::dispatch::prng;

namespace {
constexpr time_point at(int n) { return time_point(std::chrono::seconds(n)); }
} // namespace

TEST_CASE("an empty queue is never due") {
  deadline_queue q;
  CHECK(q.next() == time_point::max());
  CHECK_FALSE(q.pop_due(at(1'000'000)));
  CHECK_FALSE(q.pop_due(time_point::max()));
  q.erase(7);
  CHECK(q.next() == time_point::max());
}

TEST_CASE("keys come out in the order of their times, at their times and not before") {
  deadline_queue q;
  q.set(3, at(30));
  q.set(1, at(10));
  q.set(2, at(20));
  CHECK(q.next() == at(10));
  CHECK_FALSE(q.pop_due(at(10) - 1ns));
  CHECK(q.pop_due(at(10)) == 1U);
  CHECK_FALSE(q.pop_due(at(10)));
  CHECK(q.pop_due(at(99)) == 2U);
  CHECK(q.pop_due(at(99)) == 3U);
  CHECK_FALSE(q.pop_due(at(99)));
}

TEST_CASE("a key has one time: setting it again moves it, both ways, and max removes it") {
  deadline_queue q;
  q.set(1, at(10));
  q.set(2, at(20));
  q.set(1, at(30));
  CHECK(q.next() == at(20));
  q.set(1, at(5));
  CHECK(q.next() == at(5));
  q.set(1, time_point::max());
  CHECK(q.next() == at(20));
  CHECK(q.pop_due(at(99)) == 2U);
  CHECK_FALSE(q.pop_due(at(99)));
}

TEST_CASE("set_at_most moves a key only to an earlier time") {
  deadline_queue q;
  q.set_at_most(4, at(10));
  q.set_at_most(4, at(20));
  CHECK(q.next() == at(10));
  q.set_at_most(4, at(5));
  CHECK(q.next() == at(5));
  q.set_at_most(9, time_point::max());
  CHECK(q.pop_due(at(5)) == 4U);
  CHECK(q.next() == time_point::max());
}

TEST_CASE("a long random sequence agrees with a sorted map") {
  deadline_queue q;
  std::map<std::uint32_t, time_point> model;
  prng random(20'240'501);
  auto const earliest = [&] {
    time_point t = time_point::max();
    for (auto const& [key, when] : model)
      t = std::min(t, when);
    return t;
  };
  for (int i = 0; i < 60'000; ++i) {
    auto const key = static_cast<std::uint32_t>(random() % 48);
    auto const when = at(static_cast<int>(random() % 1'000));
    switch (random() % 5) {
    case 0:
    case 1:
      q.set(key, when);
      model[key] = when;
      break;
    case 2:
      q.set_at_most(key, when);
      if (auto const found = model.find(key); found == model.end() || when < found->second)
        model[key] = when;
      break;
    case 3:
      q.erase(key);
      model.erase(key);
      break;
    default:
      if (auto const due = q.pop_due(when)) {
        REQUIRE(model.count(*due) == 1);
        REQUIRE(model[*due] == earliest());
        REQUIRE(model[*due] <= when);
        model.erase(*due);
      } else {
        REQUIRE(earliest() > when);
      }
    }
    REQUIRE(q.next() == earliest());
  }
}

TEST_CASE("X3 what was reserved one by one is set without growing, and grows by doubling") {
  deadline_queue q;
  for (std::uint32_t key = 0; key != 10'000; ++key) {
    q.reserve(key + 1);
    q.set(key, time_point(std::chrono::seconds(10'000 - key)));
  }
  CHECK(q.next() == time_point(std::chrono::seconds(1)));
  CHECK(q.pop_due(time_point(std::chrono::seconds(1))) == 9'999U);
}
