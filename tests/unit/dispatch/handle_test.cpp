#include "handle.hpp"

#include "catch.hpp"

#include <set>
#include <string>

using hvc::call_id;
using hvc::slot_map;

TEST_CASE("a default handle names nothing") {
  slot_map<call_id, int> map;
  CHECK_FALSE(call_id{});
  CHECK(map.find(call_id{}) == nullptr);
  map.release(call_id{});
  CHECK(map.size() == 0);
}

TEST_CASE("a stale handle finds nothing, and releasing it twice releases nobody else") {
  slot_map<call_id, int> map;
  call_id const first = map.acquire();
  *map.find(first) = 1;
  map.release(first);
  CHECK(map.find(first) == nullptr);
  call_id const second = map.acquire();
  CHECK(second.slot == first.slot);
  CHECK(second != first);
  map.release(first);
  CHECK(map.find(second) != nullptr);
  CHECK(map.find(first) == nullptr);
  CHECK(map.at(first.slot) == second);
  CHECK(map.size() == 1);
}

TEST_CASE("values stay where they are while others come") {
  slot_map<call_id, int> map;
  int* const first = map.find(map.acquire());
  for (int i = 0; i < 1'000; ++i)
    map.acquire();
  CHECK(map.find(map.at(0)) == first);
}

TEST_CASE("a released slot keeps its value's capacity for the next") {
  slot_map<call_id, std::string> map;
  call_id const first = map.acquire();
  map.find(first)->assign(1'000, 'x');
  char const* const memory = map.find(first)->data();
  map.release(first);
  CHECK(map.find(map.acquire())->data() == memory);
}

TEST_CASE("for_each visits whoever lives, by a handle that finds them") {
  slot_map<call_id, int> map;
  std::set<std::uint32_t> expected;
  for (int i = 0; i < 10; ++i) {
    call_id const id = map.acquire();
    *map.find(id) = i;
    expected.insert(id.slot);
  }
  for (std::uint32_t slot : {0U, 4U, 9U}) {
    map.release(map.at(slot));
    expected.erase(slot);
  }
  std::set<std::uint32_t> seen;
  map.for_each([&](call_id id, int& value) {
    CHECK(map.find(id) == &value);
    seen.insert(id.slot);
  });
  CHECK(seen == expected);
  CHECK(map.size() == expected.size());
}

TEST_CASE("a copy lives on its own") {
  slot_map<call_id, int> map;
  call_id const id = map.acquire();
  *map.find(id) = 1;
  auto copy = map;
  *copy.find(id) = 2;
  map.release(id);
  CHECK(map.find(id) == nullptr);
  CHECK(*copy.find(id) == 2);
}

TEST_CASE("X3 a reserved slot has a name before it is acquired") {
  slot_map<call_id, int> map;
  map.reserve(3);
  CHECK(map.size() == 0);
  CHECK(map.slots() == 3);
  for (int i = 0; i != 3; ++i) {
    call_id const next = map.next();
    CHECK(map.find(next) == nullptr);
    CHECK(map.acquire() == next);
    CHECK(map.find(next) != nullptr);
  }
  CHECK(map.slots() == 3);
  call_id const id = map.at(1);
  map.release(id);
  CHECK(map.next() != id);
  CHECK(map.next().slot == id.slot);
}
