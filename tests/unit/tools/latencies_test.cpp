#include "tools/sync/latencies.hpp"

#include "catch.hpp"
#include "holds.hpp"

using namespace hvc::tools;
using hvc::test::holds;
using namespace std::chrono_literals;

TEST_CASE("quantiles are told to a tenth or so, over five decades") {
  for (auto const unit : {1us, 10us, 100us, 1'000us, 10'000us}) {
    latencies l;
    for (int i = 1; i <= 10'000; ++i)
      l.add(unit * i);
    auto const close = [unit](std::chrono::microseconds told, int truth) {
      auto const exact = static_cast<double>((unit * truth).count());
      return static_cast<double>(told.count()) > 0.9 * exact && static_cast<double>(told.count()) < 1.1 * exact;
    };
    CAPTURE(unit.count());
    CHECK(close(l.quantile(0.5), 5'000));
    CHECK(close(l.quantile(0.9), 9'000));
    CHECK(close(l.quantile(0.99), 9'900));
    CHECK(l.longest() == unit * 10'000);
    CHECK(l.quantile(1) == l.longest());
  }
}

TEST_CASE(
    "the histogram is lines from the first class that has one to the last, the longest as wide as there is room") {
  latencies l;
  CHECK(l.text({}).empty());
  for (int i = 0; i < 1'000; ++i)
    l.add(3ms);
  for (int i = 0; i < 500; ++i)
    l.add(25ms);
  l.add(70us);
  auto const text = l.text({false, 40});
  CAPTURE(text);
  CHECK(holds(text, "Latency  half within 3.7 ms,"));
  CHECK(holds(text, "\n   from 0 us      1  #\n"));
  CHECK(holds(text, "\n   from 5 ms      0\n"));
  CHECK(holds(text, "\n   from 2 ms  1,000  ###################\n"));
  CHECK(holds(text, "\n  from 20 ms    500  ##########\n"));
  CHECK(text.ends_with("  ##########\n"));
}

TEST_CASE("what took longer than any class is in the last one") {
  latencies l;
  l.add(1h);
  l.add(0us);
  CHECK(l.longest() == 1h);
  CHECK(holds(l.text({}), "\n  from 100 s  1  #"));
}
