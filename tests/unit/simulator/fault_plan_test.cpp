#include "catch.hpp"
#include "simulator/fault_plan.hpp"

#include <string>

using namespace hvc::simulation;

namespace {

std::string reason_for_refusing(std::vector<std::string> const& faults) {
  try {
    fault_plan const plan(faults, "", 1);
  } catch (std::invalid_argument const& e) {
    return e.what();
  }
  return {};
}

} // namespace

TEST_CASE("a share is a percentage, a fraction or a number, and never more than the whole") {
  CHECK(parse_share("1%") == 0.01);
  CHECK(parse_share("1/1000") == 0.001);
  CHECK(parse_share("0.5") == 0.5);
  CHECK(parse_share("100%") == 1.0);
  CHECK(parse_share("0") == 0.0);
  for (auto const* text :
       {"", "%", "/", "1/", "/2", "1/0", "101%", "2", "3/2", "-1%", "1e-3", "nan", "1%%", " 1%", "1 %"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_share(text).has_value());
  }
}

TEST_CASE("a fault is found by its word and by its row, whatever the case") {
  CHECK(find_fault("truncate") == find_fault("H1"));
  CHECK(find_fault("TRUNCATE") == find_fault("h1"));
  CHECK(find_fault("H25") == find_fault("extra-bytes"));
  CHECK(find_fault("nothing") == nullptr);
  CHECK(find_fault("") == nullptr);
  CHECK(find_fault("H") == nullptr);
}

TEST_CASE("faults are drawn by share") {
  fault_plan plan({"reset@10%", "503@30%"}, "", 42);
  unsigned resets = 0, refusals = 0;
  for (unsigned n = 0; n != 100'000; ++n) {
    auto const* const f = plan.for_exchange();
    resets += f != nullptr && f->word == "reset" ? 1 : 0;
    refusals += f != nullptr && f->word == "503" ? 1 : 0;
    CHECK(plan.for_connection() == nullptr);
  }
  CHECK(resets > 9'500);
  CHECK(resets < 10'500);
  CHECK(refusals > 29'300);
  CHECK(refusals < 30'700);
}

TEST_CASE("a fault asked for comes next, as often as asked, to what it befalls") {
  fault_plan plan({}, "", 1);
  plan.next(*find_fault("reset"), 2);
  plan.next(*find_fault("expired"), 1);
  plan.next(*find_fault("503"), 0);
  CHECK(plan.for_connection()->word == "expired");
  CHECK(plan.for_connection() == nullptr);
  CHECK(plan.for_exchange()->word == "reset");
  CHECK(plan.for_exchange()->word == "reset");
  CHECK(plan.for_exchange() == nullptr);
  plan.next(*find_fault("429"), hvc::simulator::forever);
  for (int n = 0; n != 1000; ++n)
    CHECK(plan.for_exchange()->word == "429");
}

TEST_CASE("what is no fault is refused, and says why") {
  CHECK(reason_for_refusing({"reset@1%", "C8@50%"}).empty());
  CHECK(reason_for_refusing({"reset"}) == "faults: 'reset': not of the form KIND@SHARE");
  CHECK(reason_for_refusing({"what@1%"}) == "faults: 'what@1%': no such kind");
  CHECK(reason_for_refusing({"T20@1%"}) == "faults: 'T20@1%': the simulator cannot be asked for this row");
  CHECK(reason_for_refusing({"t20@1%"}) == "faults: 't20@1%': the simulator cannot be asked for this row");
  for (std::string const word : {"T", "20", "T20a", "TT2"})
    CHECK(reason_for_refusing({word + "@1%"}) == "faults: '" + word + "@1%': no such kind");
  CHECK(reason_for_refusing({"reset@1"}).empty());
  CHECK(reason_for_refusing({"reset@x"}) == "faults: 'reset@x': no share, such as 1% or 1/1000");
  CHECK(reason_for_refusing({"reset@60%", "503@60%"}) == "faults: '503@60%': the shares are more than the whole");
  CHECK(reason_for_refusing({"reset@60%", "expired@60%"}).empty());
}
