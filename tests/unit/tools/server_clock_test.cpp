#include "tools/sync/server_clock.hpp"

#include "catch.hpp"

using namespace hvc::tools;
using namespace std::chrono_literals;

TEST_CASE("a server's time goes on from what its last reply said, by no more than the time that passed here") {
  server_clock clock;
  auto const start = server_clock::local_time() + 1h;
  CHECK(!clock.at(start));
  auto const date = std::chrono::sys_seconds(1'000'000s);
  clock.heard(date, start);
  CHECK(clock.at(start) == hvc::date_time(date));
  CHECK(clock.at(start + 1500ms) == hvc::date_time(date) + 1500ms);
  clock.heard(date - 10s, start + 2s); // the server's clock was set
  CHECK(clock.at(start + 2s) == hvc::date_time(date) - 10s);
}
