#include "pool/waiters.hpp"

#include "dispatch/prng.hpp"

#include "catch.hpp"

#include <algorithm>
#include <deque>

using hvc::call_id;
using hvc::pool::waiters;

namespace {
call_id numbered(std::uint32_t slot, std::uint32_t generation = 0) { return {slot, generation}; }
} // namespace

TEST_CASE("who came first is served first, and who is pushed to the front before that") {
  waiters w;
  CHECK(w.empty());
  CHECK_FALSE(w.pop_front());
  w.push_back(numbered(1));
  w.push_back(numbered(2));
  w.push_front(numbered(3));
  CHECK(w.size() == 3);
  CHECK(w.pop_front() == numbered(3));
  CHECK(w.pop_front() == numbered(1));
  CHECK(w.pop_front() == numbered(2));
  CHECK_FALSE(w.pop_front());
  CHECK(w.empty());
}

TEST_CASE("P12 a waiter leaves from the front, the middle and the end, and the others keep their order") {
  for (std::uint32_t leaver = 0; leaver < 3; ++leaver) {
    waiters w;
    for (std::uint32_t i = 0; i < 3; ++i)
      w.push_back(numbered(i));
    CHECK(w.remove(numbered(leaver)));
    CHECK_FALSE(w.remove(numbered(leaver)));
    CHECK(w.size() == 2);
    for (std::uint32_t i = 0; i < 3; ++i)
      if (i != leaver)
        CHECK(w.pop_front() == numbered(i));
    CHECK(w.empty());
    w.push_back(numbered(leaver));
    CHECK(w.pop_front() == numbered(leaver));
  }
}

TEST_CASE("a stale name, or one that never waited, removes nobody") {
  waiters w;
  w.push_back(numbered(5, 2));
  CHECK_FALSE(w.remove(numbered(5, 1)));
  CHECK_FALSE(w.remove(numbered(4)));
  CHECK_FALSE(w.remove(numbered(1'000'000)));
  CHECK_FALSE(w.remove(call_id{}));
  CHECK(w.pop_front() == numbered(5, 2));
}

TEST_CASE("a long random sequence agrees with a deque") {
  waiters w;
  std::deque<std::uint32_t> model;
  hvc::dispatch::prng random(7);
  for (int i = 0; i < 60'000; ++i) {
    auto const slot = static_cast<std::uint32_t>(random() % 24);
    auto const found = std::find(model.begin(), model.end(), slot);
    switch (random() % 4) {
    case 0:
      if (found == model.end()) {
        w.push_back(numbered(slot));
        model.push_back(slot);
      }
      break;
    case 1:
      if (found == model.end()) {
        w.push_front(numbered(slot));
        model.push_front(slot);
      }
      break;
    case 2:
      REQUIRE(w.remove(numbered(slot)) == (found != model.end()));
      if (found != model.end())
        model.erase(found);
      break;
    default:
      if (model.empty()) {
        REQUIRE_FALSE(w.pop_front());
      } else {
        REQUIRE(w.pop_front() == numbered(model.front()));
        model.pop_front();
      }
    }
    REQUIRE(w.size() == model.size());
  }
}
