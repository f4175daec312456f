#include "tools/sync/progress_line.hpp"

#include "catch.hpp"

#include <vector>

using namespace hvc;
using namespace hvc::tools;
using namespace std::chrono_literals;

namespace {

sweep_progress half_way() {
  sweep_progress p;
  p.done = 52'013;
  p.failed = 12;
  p.total = p.expected = 100'000;
  p.rate = 198.7;
  p.time_left = 241s;
  return p;
}

} // namespace

TEST_CASE("progress tells what is done, what failed, the rate and the time left, as far as they are known") {
  CHECK(progress_text(half_way()) == "52,013 of 100,000, 12 failed, 199 a second, 4 min left");
  auto listing = half_way();
  listing.total.reset();
  CHECK(progress_text(listing) == "52,013 of about 100,000, 12 failed, 199 a second, 4 min left");
  CHECK(progress_line(listing, {false, 200}).front() == '[');
  CHECK(progress_text({}) == "0 so far, 0 a second");
  sweep_progress none;
  none.total = none.expected = 0;
  CHECK(progress_text(none) == "0 of 0, 0 a second");
}

TEST_CASE("on a terminal the line has a bar as long as there is room, and never fills the last column") {
  for (std::size_t const width : {20U, 66U, 67U, 80U, 90U, 200U}) {
    CAPTURE(width);
    auto const line = progress_line(half_way(), {false, width});
    CHECK(line.size() < width);
    CHECK((line.front() == '[') == (width > 65));
  }
  CHECK(progress_line(half_way(), {false, 200}) ==
        "[====================>                   ] " + progress_text(half_way()));
  CHECK(progress_line(half_way(), {}) == progress_text(half_way()));
}

TEST_CASE("sweeps side by side are told as one") {
  auto other = half_way();
  other.time_left = 500s;
  std::vector<sweep_progress> all{half_way(), other};
  auto const sum = sum_of(all);
  CHECK(sum.done == 104'026);
  CHECK(sum.failed == 24);
  CHECK(sum.total == 200'000);
  CHECK(sum.time_left == 500s);
  auto ended = half_way();
  ended.done = *ended.total;
  ended.time_left.reset();
  CHECK(sum_of(std::vector{half_way(), ended}).time_left == 241s);
  all.push_back({});
  CHECK(!sum_of(all).total);
  CHECK(!sum_of(all).time_left);
}
