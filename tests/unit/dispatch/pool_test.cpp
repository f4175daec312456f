#include "pool/pool.hpp"

#include "dispatch/prng.hpp"

#include "catch.hpp"

#include <algorithm>

using namespace std::chrono_literals;
using namespace hvc;
using pool::place;
using pool::where;
using taken = pool::pool::taken;

namespace {

call_id call(std::uint32_t slot) { return {slot, 0}; }

// A pool and its time. Unless a test brings a random number the limits are the lowest: 54 s idle, 540 s of life.
struct pond {
  explicit pond(unsigned most = 2, unsigned most_waiters = 4096) : pool(options(most, most_waiters)) {}
  static pool_options options(unsigned most, unsigned most_waiters) {
    pool_options o;
    o.max_connections = most;
    o.max_waiters = most_waiters;
    return o;
  }

  taken take(call_id c, where w = where::any, place p = place::back_if_room) {
    given = {};
    return pool.take(now, c, w, p, given);
  }
  connection_id open(std::uint64_t random = 0) { // for nobody
    REQUIRE(take(call(999)) == taken::waits);
    auto const c = pool.dial(now);
    REQUIRE(c);
    REQUIRE(pool.withdraw(call(999)));
    REQUIRE_FALSE(pool.ready(now, *c, random));
    return *c;
  }
  connection_id open_busy(call_id id) {
    REQUIRE(take(id) == taken::waits);
    auto const c = pool.dial(now);
    REQUIRE(c);
    REQUIRE(pool.ready(now, *c, 0) == id);
    return *c;
  }
  std::vector<connection_id> stale_siblings(connection_id dead) {
    std::vector<connection_id> found;
    auto copy = pool;
    while (auto const next = copy.stale_sibling(*copy.find(dead))) {
      found.push_back(*next);
      copy.remove(*next);
    }
    return found;
  }

  pool::pool pool;
  time_point now{1h};
  connection_id given;
};

} // namespace

TEST_CASE("a connection that was opened for a call goes to it") {
  pond p;
  CHECK(p.take(call(1)) == taken::waits);
  auto const c = p.pool.dial(p.now);
  REQUIRE(c);
  CHECK_FALSE(p.pool.dial(p.now));
  CHECK(p.pool.dialling() == 1);
  CHECK(p.pool.ready(p.now, *c, 0) == call(1));
  CHECK(p.pool.find(*c)->state == pool::state::busy);
  CHECK_FALSE(p.pool.find(*c)->reused());
  CHECK(p.pool.waiting() == 0);
  CHECK_FALSE(p.pool.free(p.now, *c, {}));
  CHECK(p.pool.find(*c)->reused());
  CHECK(p.take(call(2)) == taken::connection);
  CHECK(p.given == *c);
}

TEST_CASE("at most 64 connections are opened at a time, however many wait") {
  pond p(200);
  for (std::uint32_t i = 0; i < 100; ++i)
    REQUIRE(p.take(call(i)) == taken::waits);
  connection_id first;
  while (auto const c = p.pool.dial(p.now))
    first = first ? first : *c;
  CHECK(p.pool.dialling() == 64);
  CHECK(p.pool.ready(p.now, first, 0) == call(0));
  CHECK(p.pool.dial(p.now));
  CHECK_FALSE(p.pool.dial(p.now));
}

TEST_CASE("P8 an unused connection's limit is 60 s, evenly spread by 10 % to both sides") {
  pond p(1);
  dispatch::prng random(42);
  int decile[10] = {};
  auto shortest = 1h + 0ns, longest = 0ns;
  constexpr int draws = 20'000;
  for (int i = 0; i < draws; ++i) {
    auto const c = p.open(random());
    auto const limit = p.pool.find(c)->idle_limit;
    shortest = std::min(shortest, limit);
    longest = std::max(longest, limit);
    REQUIRE(limit >= 54s);
    REQUIRE(limit <= 66s);
    ++decile[std::min<std::int64_t>(9, (limit - 54s) / 1'200ms)];
    p.pool.remove(c);
  }
  CHECK(shortest < 54s + 10ms);
  CHECK(longest > 66s - 10ms);
  double chi_square = 0;
  for (int n : decile)
    chi_square += (n - draws / 10.0) * (n - draws / 10.0) / (draws / 10.0);
  CHECK(chi_square < 27.9); // 9 degrees of freedom, 0.1 %
}

TEST_CASE("P9 the lifetime is 10 min, spread by 10 % and apart from the idle limit's spread") {
  pond p(1);
  dispatch::prng random(43);
  double same_side = 0;
  constexpr int draws = 10'000;
  for (int i = 0; i < draws; ++i) {
    auto const c = p.open(random());
    auto const life = p.pool.find(c)->retire_at - p.now;
    REQUIRE(life >= 540s);
    REQUIRE(life <= 660s);
    same_side += (life > 600s) == (p.pool.find(c)->idle_limit > 60s);
    p.pool.remove(c);
  }
  CHECK(same_side > draws * 0.47);
  CHECK(same_side < draws * 0.53);
}

TEST_CASE("P8 an idle connection is given out until its limit, and not at it") {
  pond p;
  auto const c = p.open();
  CHECK(p.pool.idle_until(*p.pool.find(c)) == p.now + 54s);
  p.now += 54s - 1ns;
  CHECK(p.take(call(1)) == taken::connection);
  p.pool.free(p.now, c, {});
  p.now += 54s;
  CHECK(p.take(call(2)) == taken::waits);
}

TEST_CASE("P24 after a suspension idle connections are judged anew before they are used") {
  pond p;
  p.open();
  p.now += 24h;
  CHECK(p.take(call(1)) == taken::waits);
  CHECK(p.pool.dial(p.now));
}

TEST_CASE("H24 the server's own limit, less a second, shortens ours and never lengthens it") {
  pond p;
  auto const c = p.open_busy(call(1));
  p.pool.free(p.now, c, 5s);
  CHECK(p.pool.idle_until(*p.pool.find(c)) == p.now + 4s);
  p.take(call(2));
  p.pool.free(p.now, c, 3'600s);
  CHECK(p.pool.idle_until(*p.pool.find(c)) == p.now + 4s);
}

TEST_CASE("an expired connection on top does not hide a good one below") {
  pond p(2);
  auto const below = p.open_busy(call(1));
  auto const top = p.open_busy(call(2));
  p.pool.free(p.now, below, {});
  p.pool.free(p.now, top, 3s);
  p.now += 10s;
  CHECK(p.take(call(3)) == taken::connection);
  CHECK(p.given == below);
  CHECK(p.pool.idle() == 1);
}

TEST_CASE("P9 a connection past its lifetime is surplus when it is freed, not while it works") {
  pond p;
  auto const c = p.open_busy(call(1));
  p.now += 540s - 1ns;
  CHECK_FALSE(p.pool.surplus(p.now, c));
  p.now += 1ns;
  CHECK(p.pool.surplus(p.now, c));
  CHECK(p.pool.find(c)->call == call(1));
}

TEST_CASE("P9 an idle connection is not given out past its lifetime, however recently it was used") {
  pond p;
  auto const c = p.open();
  for (int i = 0; i < 539; ++i) {
    p.now += 1s;
    REQUIRE(p.take(call(1)) == taken::connection);
    p.pool.free(p.now, c, {});
  }
  p.now += 1s;
  CHECK(p.take(call(1)) == taken::waits);
}

TEST_CASE("P11 waiters are served first come first served, and one too many is refused at once") {
  pond p(8, 10'000);
  std::vector<connection_id> busy;
  for (std::uint32_t i = 0; i < 8; ++i)
    busy.push_back(p.open_busy(call(i)));
  for (std::uint32_t i = 0; i < 10'000; ++i)
    REQUIRE(p.take(call(100 + i)) == taken::waits);
  CHECK(p.take(call(20'000)) == taken::full);
  CHECK(p.pool.waiting() == 10'000);
  CHECK_FALSE(p.pool.dial(p.now));
  for (std::uint32_t i = 0; i < 10'000; ++i)
    REQUIRE(p.pool.free(p.now, busy[i % 8], {}) == call(100 + i));
  CHECK(p.pool.waiting() == 0);
}

TEST_CASE("P11 who was let in before is let in again, however many wait") {
  pond p(1, 1);
  p.open_busy(call(1));
  CHECK(p.take(call(2)) == taken::waits);
  CHECK(p.take(call(3)) == taken::full);
  CHECK(p.take(call(4), where::any, place::back) == taken::waits);
  CHECK(p.take(call(5), where::any, place::front) == taken::waits);
  CHECK(p.take(call(6), where::fresh, place::front) == taken::waits);
  CHECK(p.pool.waiting() == 4);
}

TEST_CASE("P12 P13 a waiter that leaves is not served, and the next one is") {
  pond p(1);
  auto const c = p.open_busy(call(1));
  p.take(call(2));
  p.take(call(3));
  CHECK(p.pool.withdraw(call(2)));
  CHECK_FALSE(p.pool.withdraw(call(2)));
  CHECK(p.pool.free(p.now, c, {}) == call(3));
}

TEST_CASE("P14 a connection that could not be opened is charged to the first waiter, and another one may be opened") {
  pond p(1);
  p.take(call(1));
  p.take(call(2));
  auto const c = p.pool.dial(p.now);
  REQUIRE(c);
  p.pool.remove(*c);
  CHECK(p.pool.dialling() == 0);
  CHECK(p.pool.charge_failed_dial() == call(1));
  CHECK(p.pool.dial(p.now));
}

TEST_CASE("a connection that could not be opened when nobody waits is charged to nobody") {
  pond p;
  p.take(call(1));
  auto const c = p.pool.dial(p.now);
  p.pool.withdraw(call(1));
  p.pool.remove(*c);
  CHECK_FALSE(p.pool.charge_failed_dial());
  CHECK(p.pool.total() == 0);
}

TEST_CASE("P18 ten thousand calls on an empty pool open no more connections than allowed") {
  pond p(16, 10'000);
  unsigned dials = 0;
  for (std::uint32_t i = 0; i < 10'000; ++i) {
    p.take(call(i));
    while (p.pool.dial(p.now))
      ++dials;
  }
  CHECK(dials == 16);
  CHECK(p.pool.total() == 16);
}

TEST_CASE("P19 the most recently used connection is taken first, so that surplus ages out") {
  pond p(3);
  auto const a = p.open();
  // `a` is idle, so that nobody would wait: three at once, then.
  CHECK(p.take(call(1)) == taken::connection);
  auto const b = p.open_busy(call(2));
  auto const c = p.open_busy(call(3));
  p.pool.free(p.now, b, {});
  p.pool.free(p.now, c, {});
  p.pool.free(p.now, a, {});
  for (int i = 0; i < 5; ++i) {
    CHECK(p.take(call(1)) == taken::connection);
    CHECK(p.given == a);
    p.pool.free(p.now, a, {});
  }
}

TEST_CASE("C14 a waiter takes the connection that is free first; the one opened for it goes idle and is counted") {
  pond p(2);
  auto const busy = p.open_busy(call(1));
  p.take(call(2));
  auto const opening = p.pool.dial(p.now);
  REQUIRE(opening);
  CHECK(p.pool.free(p.now, busy, {}) == call(2));
  CHECK(p.pool.total() == 2);
  CHECK_FALSE(p.pool.ready(p.now, *opening, 0));
  CHECK(p.pool.idle() == 1);
  CHECK(p.pool.total() == 2);
}

TEST_CASE("a call that wants a fresh connection is not given a used one, and goes first to the one that opens") {
  pond p(2);
  auto const used = p.open_busy(call(1));
  p.take(call(2));
  p.take(call(3), where::fresh, place::front);
  CHECK(p.pool.free(p.now, used, {}) == call(2));
  auto const fresh = p.pool.dial(p.now);
  REQUIRE(fresh);
  p.take(call(4));
  CHECK(p.pool.ready(p.now, *fresh, 0) == call(3));
  CHECK(p.pool.free(p.now, used, {}) == call(4));
}

TEST_CASE("an idle connection makes way for a fresh one where there is no room, and only there") {
  pond p(2);
  auto const idle = p.open();
  p.take(call(1), where::fresh, place::front);
  CHECK_FALSE(p.pool.in_the_way()); // there is room for another
  auto const fresh = p.pool.dial(p.now);
  REQUIRE(fresh);
  CHECK_FALSE(p.pool.in_the_way()); // it is being opened
  p.take(call(2), where::fresh, place::front);
  CHECK(p.pool.in_the_way() == idle);
  p.pool.remove(idle);
  CHECK_FALSE(p.pool.in_the_way());
  CHECK(p.pool.dial(p.now));
}

TEST_CASE("a freed connection makes way for a fresh one where all the others are busy") {
  pond p(2);
  auto const one = p.open_busy(call(1));
  p.open_busy(call(2));
  CHECK_FALSE(p.pool.surplus(p.now, one));
  p.take(call(3), where::fresh, place::front);
  CHECK(p.pool.surplus(p.now, one));
  p.pool.remove(one);
  CHECK(p.pool.dial(p.now));
}

TEST_CASE("P5 idle connections last used before the stale one are as stale, those opened since are not") {
  pond p(4);
  auto const dead = p.open_busy(call(1));
  auto const older = p.open_busy(call(2));
  auto const newer_use = p.open_busy(call(3));
  p.pool.free(p.now, older, {});
  p.now += 1s;
  p.pool.free(p.now, dead, {});
  CHECK(p.take(call(1)) == taken::connection);
  REQUIRE(p.given == dead);
  p.now += 1s;
  CHECK(p.take(call(2)) == taken::connection);
  auto const opened_since = p.open_busy(call(4));
  p.pool.free(p.now, opened_since, {});
  CHECK(p.stale_siblings(dead).empty());
  CHECK(p.take(call(4)) == taken::connection);
  p.pool.free(p.now, newer_use, {}); // as old as the dead one, though used a moment ago
  CHECK(p.stale_siblings(dead) == std::vector{newer_use});
}

TEST_CASE("removing twice, or what is gone, changes nothing") {
  pond p;
  auto const c = p.open();
  p.pool.remove(c);
  p.pool.remove(c);
  p.pool.remove({});
  CHECK(p.pool.total() == 0);
  CHECK(p.pool.idle() == 0);
  CHECK(p.pool.dialling() == 0);
}
