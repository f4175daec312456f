#include <hvc/boxed.hpp>

#include "catch.hpp"

#include <string>
#include <type_traits>
#include <utility>

using hvc::boxed;

TEST_CASE("a boxed value is absent until it is given, and again when it is reset") {
  boxed<std::string> b;
  CHECK_FALSE(b);
  b.emplace(3, 'x');
  REQUIRE(b.has_value());
  CHECK(*b == "xxx");
  CHECK(b->size() == 3);
  b.emplace("another");
  CHECK(*b == "another");
  b.reset();
  CHECK_FALSE(b.has_value());
  b = std::string("assigned");
  CHECK(*b == "assigned");
  b = std::nullopt;
  CHECK_FALSE(b);
}

TEST_CASE("copies of a boxed value are their own, and a moved-from one is empty") {
  boxed<std::string> a("first");
  auto b = a;
  *b = "second";
  CHECK(*a == "first");
  auto const c = std::move(b);
  CHECK(*c == "second");
  CHECK_FALSE(b); // NOLINT(bugprone-use-after-move): that is what is tested
  a = c;
  CHECK(a == c);
  a = *&a;
  CHECK(*a == "second");
  static_assert(std::is_nothrow_move_constructible_v<boxed<std::string>>);
}

TEST_CASE("boxed values compare as what they hold, and absent ones are equal") {
  CHECK(boxed<int>() == boxed<int>());
  CHECK(boxed<int>(1) == boxed<int>(1));
  CHECK_FALSE(boxed<int>(1) == boxed<int>(2));
  CHECK_FALSE(boxed<int>(1) == boxed<int>());
  CHECK_FALSE(boxed<int>() == boxed<int>(0));
}

TEST_CASE("a boxed value takes as much of its owner as a pointer") {
  CHECK(sizeof(boxed<std::string>) == sizeof(void*));
}
