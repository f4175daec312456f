#include <hvc/model.hpp>

#include "catch.hpp"

using namespace hvc;

namespace {
template <class E> void check_all(int count) {
  for (int i = 1; i <= count; ++i) {
    auto const constant = static_cast<E>(i);
    auto const name = enum_names<E>::name(constant);
    CHECK_FALSE(name.empty());
    CHECK(enum_names<E>::find(name) == constant);
    auto const open = open_enum<E>::from_name(name);
    CHECK(open == constant);
    CHECK(open.name() == name);
    CHECK(open == open_enum<E>(constant));
  }
  CHECK(enum_names<E>::name(static_cast<E>(count + 1)).empty());
  CHECK(enum_names<E>::find("") == E::unknown);
  CHECK(enum_names<E>::find("SOMETHING_ELSE") == E::unknown);
}
} // namespace

TEST_CASE("every constant is found by its name and has it") {
  check_all<sync_status>(3);
  check_all<sync_stage>(6);
  check_all<date_time_format>(12);
  check_all<error_type>(25);
  CHECK(enum_names<sync_status>::name(sync_status::no_sync_found) == "NO_SYNC_FOUND");
  CHECK(enum_names<sync_stage>::name(sync_stage::waiting) == "WAITING");
  CHECK(enum_names<date_time_format>::name(date_time_format::full_date_time) == "FULL_DATE_TIME");
  CHECK(enum_names<error_type>::name(error_type::unverified_peer) == "UNVERIFIED_PEER");
}

TEST_CASE("J14 an unknown name is kept and compares by its text") {
  auto const a = open_enum<sync_status>::from_name("PAUSED");
  CHECK(a == sync_status::unknown);
  CHECK(a.name() == "PAUSED");
  CHECK_FALSE(a == open_enum<sync_status>::from_name("STOPPED"));
  switch (a) {
  case sync_status::unknown:
    SUCCEED();
    break;
  default:
    FAIL();
  }
}
