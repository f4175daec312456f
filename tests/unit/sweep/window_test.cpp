#include "sweep/window.hpp"

#include "dispatch/prng.hpp"

#include "catch.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

using namespace hvc;
using namespace std::chrono_literals;
using sweeping::place_id;
using sweeping::window;

namespace {

question ask(int n) { return {"link", std::to_string(n)}; }

sync_info info(int n) {
  sync_info i;
  i.polling_interval_in_seconds = n;
  return i;
}

// Which question was taken, and whether its own answer came with it; -1: none.
int taken(window& w) {
  auto const r = w.take();
  if (!r)
    return -1;
  int const n = std::stoi(r->question.provider);
  CHECK(r->info.has_value());
  CHECK(r->info->polling_interval_in_seconds == n);
  CHECK(r->elapsed == std::chrono::microseconds(n));
  return n;
}

bool finish(window& w, place_id p, int n) { return w.finish(p, info(n), std::chrono::microseconds(n)); }

} // namespace

TEST_CASE("results come as they finish, each with its question") {
  window w(3, false);
  auto const a = w.admit(ask(1)), b = w.admit(ask(2)), c = w.admit(ask(3));
  CHECK(taken(w) == -1);
  finish(w, b, 2);
  finish(w, c, 3);
  CHECK(taken(w) == 2);
  finish(w, a, 1);
  CHECK(taken(w) == 3);
  CHECK(taken(w) == 1);
  CHECK(taken(w) == -1);
  CHECK(w.size() == 0);
}

TEST_CASE("results in order wait for the one in front") {
  window w(3, true);
  auto const a = w.admit(ask(1)), b = w.admit(ask(2)), c = w.admit(ask(3));
  finish(w, c, 3);
  finish(w, b, 2);
  CHECK_FALSE(w.ready());
  CHECK(taken(w) == -1);
  finish(w, a, 1);
  CHECK(taken(w) == 1);
  CHECK(taken(w) == 2);
  CHECK(taken(w) == 3);
}

TEST_CASE("an answer that was not taken keeps its place") {
  window w(2, false);
  auto const a = w.admit(ask(1));
  CHECK_FALSE(w.full());
  w.admit(ask(2));
  CHECK(w.full());
  finish(w, a, 1);
  CHECK(w.full());
  CHECK(taken(w) == 1);
  CHECK_FALSE(w.full());
}

TEST_CASE("a failed question is a result as any other") {
  window w(1, true);
  auto const p = w.admit(ask(1));
  w.finish(p, error(error_kind::connect), 5us);
  auto const r = w.take();
  REQUIRE(r);
  CHECK(r->question == ask(1));
  CHECK(r->info.error().kind() == error_kind::connect);
}

TEST_CASE("what is given up is forgotten; answers that came stay, in their order") {
  for (bool const in_order : {false, true}) {
    window w(4, in_order);
    auto const a = w.admit(ask(1)), b = w.admit(ask(2)), c = w.admit(ask(3)), d = w.admit(ask(4));
    finish(w, b, 2);
    finish(w, d, 4);
    w.give_up();
    CHECK(w.size() == 2);
    CHECK_FALSE(finish(w, a, 1));
    CHECK_FALSE(finish(w, c, 3));
    CHECK(taken(w) == 2);
    CHECK(taken(w) == 4);
    CHECK(w.size() == 0);
  }
}

TEST_CASE("a million questions never hold more than the places there are, and each is answered once") {
  for (bool const in_order : {false, true}) {
    constexpr unsigned places = 256;
    constexpr int all = HVC_INSTRUMENTED ? 100'000 : 1'000'000;
    window w(places, in_order);
    dispatch::prng random(3);
    std::vector<std::pair<place_id, int>> under_way;
    int admitted = 0, took = 0;
    std::int64_t sum = 0;
    while (took < all) {
      if (admitted < all && !w.full()) {
        under_way.emplace_back(w.admit(ask(admitted)), admitted);
        ++admitted;
      } else if (!under_way.empty() && random() % 3 != 0) {
        std::swap(under_way[random() % under_way.size()], under_way.back());
        if (!finish(w, under_way.back().first, under_way.back().second))
          FAIL("an answer was lost");
        under_way.pop_back();
      } else if (auto const r = w.take()) {
        auto const n = r->info->polling_interval_in_seconds;
        if (std::to_string(n) != r->question.provider || (in_order && n != took))
          FAIL("a result that is not its question's");
        sum += n;
        ++took;
      }
      if (w.size() > places || admitted - took > static_cast<int>(places))
        FAIL("more than there are places for");
    }
    CHECK(sum == std::int64_t(all) * (all - 1) / 2);
    CHECK(w.size() == 0);
  }
}
