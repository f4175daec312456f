#include "api/json_number.hpp"

#include "catch.hpp"

#include <cstdint>
#include <limits>
#include <string>

using namespace hvc::json;

TEST_CASE("an integer is read however it is written") {
  struct row {
    std::string_view text;
    std::int64_t value;
  };
  for (auto const& [text, value] :
       {row{"0", 0}, row{"-0", 0}, row{"7", 7}, row{"-7", -7}, row{"3.0", 3}, row{"-3.000", -3}, row{"1e3", 1000},
        row{"1E+3", 1000}, row{"30e-1", 3}, row{"1.5e1", 15}, row{"0.003e3", 3}, row{"0e999999999999", 0},
        row{"0.0e-5", 0}, row{"1000000000000000000000e-20", 10}, row{"9223372036854775807", INT64_MAX},
        row{"-9223372036854775808", INT64_MIN}, row{"9223372036854775807.0", INT64_MAX},
        row{"-922337203685477580.8e1", INT64_MIN}, row{"9.223372036854775807e18", INT64_MAX}}) {
    INFO(text);
    REQUIRE(to_int64(text));
    CHECK(*to_int64(text) == value);
  }
}

TEST_CASE("J7 what is no int64 exactly is none") {
  for (std::string_view text : {"0.5", "3.1", "1e-1", "9223372036854775808", "-9223372036854775809", "1e19",
                                "1e999999999999999999999", "-1e400", "9223372036854775807.5",
                                "1e-999999999999999999999", "18446744073709551616", "92233720368547758070"}) {
    INFO(text);
    CHECK_FALSE(to_int64(text));
  }
  CHECK_FALSE(to_int64(std::string(1'000'000, '9')));
  CHECK(to_int64("5." + std::string(1'000'000, '0')) == 5);
}

TEST_CASE("a double is the nearest one") {
  CHECK(to_double("0.1") == 0.1);
  CHECK(to_double("7") == 7.0);
  CHECK(to_double("-2.5e-3") == -2.5e-3);
  CHECK(to_double("1.7976931348623157e308") == std::numeric_limits<double>::max());
  CHECK(to_double("5e-324") == std::numeric_limits<double>::denorm_min());
  CHECK(to_double("0e999") == 0.0);
  CHECK(to_double("0.000e-999") == 0.0);
}

TEST_CASE("J7 a double that would be infinite, or zero for a number that is not, is none") {
  for (std::string_view text : {"1e9999", "-1e9999", "1e-999", "-1e-999", "1e309"}) {
    INFO(text);
    CHECK_FALSE(to_double(text));
  }
  CHECK_FALSE(to_double(std::string(1'000'000, '9')));
  CHECK_FALSE(to_double("0." + std::string(1'000'000, '0') + "1"));
}
