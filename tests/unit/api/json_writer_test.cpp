#include "api/json_writer.hpp"

#include "catch.hpp"

#include <boost/json.hpp>
#include <limits>

using hvc::json::writer;

namespace {
std::string written(std::string_view text) {
  writer to;
  to.string(text);
  return to.take();
}
std::string number(double value) {
  writer to;
  to.number(value);
  return to.take();
}
} // namespace

TEST_CASE("commas stand between values and nowhere else") {
  writer to;
  to.begin_object();
  to.name("a");
  to.begin_array();
  to.integer(1);
  to.string("{");
  to.string(":");
  to.begin_object();
  to.end_object();
  to.begin_array();
  to.end_array();
  to.raw("null");
  to.end_array();
  to.name("b[");
  to.number(0.5);
  to.end_object();
  CHECK(to.take() == R"({"a":[1,"{",":",{},[],null],"b[":0.5})");
}

TEST_CASE("strings are escaped as far as they must be") {
  using namespace std::string_view_literals;
  CHECK(written("a\"\\/\b\f\n\r\t\0\x1f\x7fé"sv) == "\"a\\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u001f\x7fé\"");
  CHECK(written("a\xFFz\xED\xA0\x80") == "\"a\uFFFDz\uFFFD\uFFFD\uFFFD\"");
  for (int c = 0; c < 128; ++c) {
    std::string const text(1, static_cast<char>(c));
    CHECK(std::string_view(boost::json::parse(written(text)).as_string()) == text);
  }
}

TEST_CASE("numbers are the shortest that read back the same") {
  CHECK(number(0.1) == "0.1");
  CHECK(number(1) == "1");
  CHECK(number(-2.5e-7) == "-2.5e-07");
  CHECK(number(1e22) == "1e+22");
  CHECK(number(std::numeric_limits<double>::infinity()) == "null");
  CHECK(number(std::numeric_limits<double>::quiet_NaN()) == "null");
  writer to;
  to.integer(std::numeric_limits<std::int64_t>::min());
  CHECK(to.take() == "-9223372036854775808");
}
