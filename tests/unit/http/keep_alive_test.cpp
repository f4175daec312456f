#include "catch.hpp"

#include "http/keep_alive.hpp"

#include <string>

using namespace hvc::http;
using namespace std::literals;

TEST_CASE("H24 the time-out is found among the parameters of Keep-Alive") {
  CHECK(parse_keep_alive_timeout("timeout=5") == 5s);
  CHECK(parse_keep_alive_timeout("timeout=5, max=1") == 5s);
  CHECK(parse_keep_alive_timeout("max=100,TIMEOUT = 15") == 15s);
  CHECK(parse_keep_alive_timeout("timeout=0") == 0s);
  CHECK(parse_keep_alive_timeout("timeout=5, timeout=6") == 5s);
}

TEST_CASE("a time-out beyond reason saturates") {
  CHECK(parse_keep_alive_timeout("timeout=" + std::string(100, '9')) == 1'000'000'000s);
}

TEST_CASE("without a number there is no time-out") {
  for (std::string_view const bad :
       {"", "timeout", "timeout=", "timeout=x", "timeout=-1", "timeout=5s", "max=1", ",,", "xtimeout=5"})
    CHECK(!parse_keep_alive_timeout(bad));
}
