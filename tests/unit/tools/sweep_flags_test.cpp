#include "tools/sync/sweep_flags.hpp"

#include "tools/sync/usage_error.hpp"

#include "catch.hpp"

using namespace hvc::tools;

namespace {

sweep_flags read(std::vector<std::string> const& arguments) { return read_sweep_flags(command_line(arguments)); }

} // namespace

TEST_CASE("the rate is questions a second, or unlimited, and 200 if not said") {
  CHECK(read({}).rate == 200);
  CHECK(read({"--rate", "1500"}).rate == 1500);
  CHECK(read({"--rate=0.5"}).rate == 0.5);
  CHECK(read({"--rate", "unlimited"}).rate == 0);
  for (auto const* text : {"0", "-1", "fast", "", "5/s", "nan", "inf", "1e9"}) {
    CAPTURE(text);
    CHECK_THROWS_AS(read({"--rate", text}), usage_error);
  }
}

TEST_CASE("the concurrency is a number that a client can bear") {
  CHECK(read({}).concurrency == 64);
  CHECK(read({"--concurrency", "4096"}).concurrency == 4096);
  for (auto const* text : {"0", "4097", "-1", "1.5", ""}) {
    CAPTURE(text);
    CHECK_THROWS_AS(read({"--concurrency", text}), usage_error);
  }
}
