// A call whose connection died is sent again on another one: once, and on one opened for it.
#include "world.hpp"

#include <vector>

using namespace hvc;
using namespace hvc::dispatch;
using namespace hvc::dispatch::test;

TEST_CASE("P2 a call that a stale connection lost is replayed on a fresh one, at once and outside the policy") {
  for (bool const sent : {false, true}) {
    world w;
    auto const stale = w.open_used();
    auto const id = w.submit({.deadline = 30s, .max_attempts = 1});
    w.expect_start(id, stale);
    sent ? w.dies_without_reply(stale) : w.dies_unsent(stale);
    auto const fresh = w.expect_start_on_new(id);
    w.replies(fresh, 200);
    auto const done = w.expect_complete(id);
    CHECK_FALSE(done.why);
    CHECK(done.attempts == 2);
    CHECK_FALSE(done.reused);
    w.expect_nothing();
    CHECK(w.stats().replays == 1);
    CHECK(w.stats().retries == 0);
    CHECK(w.stats().retry_budget == 500);
  }
}

TEST_CASE("P2 a connection that died before the call it was handed had begun costs no attempt") {
  world w;
  auto const stale = w.open_used();
  auto const id = w.submit({.deadline = 30s, .max_attempts = 1});
  w.expect_start(id, stale);
  w.dies(stale);
  auto const c = w.running(id);
  w.replies(c, 200);
  auto const done = w.expect_complete(id);
  CHECK(done.attempts == 1);
  CHECK(w.stats().replays == 0);
  w.expect_nothing();
}

TEST_CASE("P2 a call that changes something is in no doubt because its connection had carried others before") {
  world w(with_connections(1));
  auto const stale = w.open_used();
  auto const id = w.post();
  w.expect_start(id, stale);
  w.dies(stale); // says `sent`, of an earlier request
  w.expect_dial();
  w.cancel(id);
  CHECK_FALSE(w.expect_failure(id, error_kind::canceled).may_have_taken_effect());
}

TEST_CASE("P2 a stale connection makes its idle siblings suspect also where the call cannot be replayed") {
  world w(with_connections(2));
  w.open_used();
  auto const first = w.submit(), second = w.submit();
  auto const other = w.running(first), idle = w.running(second);
  w.replies(idle, 200);
  w.expect_success(second);
  w.replies(other, 200);
  w.expect_success(first);
  auto const id = w.post();
  w.expect_start(id, other);
  w.dies_without_reply(other);
  w.expect_close(idle);
  CHECK(w.expect_failure(id, error_kind::connection_lost, "before_headers").may_have_taken_effect());
  w.expect_nothing();
}

TEST_CASE("P2 a replay keeps wanting a fresh connection when its fresh one died before it began") {
  world w;
  auto const one = w.open_used();
  auto const id = w.submit();
  w.expect_start(id, one);
  auto const other = w.submit();
  auto const two = w.running(other);
  w.dies_without_reply(one);
  auto const fresh = w.expect_start_on_new(id);
  w.replies(two, 200); // idle now
  w.expect_success(other);
  w.dies(fresh);
  w.expect_start_on_new(id);
  w.expect_nothing();
}

TEST_CASE("P2 a replay that was answered takes any connection again") {
  world w;
  auto const stale = w.open_used();
  auto const id = w.submit();
  w.expect_start(id, stale);
  auto const other = w.submit();
  auto const two = w.running(other);
  w.dies_without_reply(stale);
  auto const fresh = w.running(id);
  w.replies(fresh, 503);
  w.replies(two, 200);
  w.expect_success(other);
  w.pass(w.expect_retry(id));
  w.expect_start(id, two);
  w.dies(two);
  w.expect_start(id, fresh); // used by now
}

TEST_CASE("P3 a fresh connection that dies without a reply is no stale one: the policy decides") {
  world w;
  auto const id = w.submit();
  w.dies_without_reply(w.running(id));
  w.expect_retry(id);
  w.expect_nothing();
  CHECK(w.stats().replays == 0);

  auto const single = w.submit({.deadline = 30s, .max_attempts = 1});
  w.dies_without_reply(w.running(single));
  w.expect_failure(single, error_kind::connection_lost, "before_headers");
}

TEST_CASE("P4 a reused connection that dies in the reply is not replayed: the policy decides") {
  world w;
  auto const c = w.open_used();
  auto const id = w.submit();
  w.expect_start(id, c);
  w.dies_in_reply(c);
  w.expect_retry(id);
  w.expect_nothing();
  CHECK(w.stats().replays == 0);
}

TEST_CASE("P2 I6 a call is replayed once, however often its connections die") {
  world w;
  auto const id = w.submit({.deadline = 1h, .max_attempts = 3});
  auto c = w.running(id);
  w.replies(c, 503);
  w.pass(w.expect_retry(id));
  w.expect_start(id, c);
  w.dies_without_reply(c); // reused: replayed
  c = w.running(id);
  w.replies(c, 503);
  w.pass(w.expect_retry(id));
  w.expect_start(id, c);
  w.dies_without_reply(c); // reused, but for the second time: the third try is over
  auto const e = w.expect_failure(id, error_kind::connection_lost, "before_headers");
  CHECK(e.attempts() == 4);
  CHECK(e.connection_reused());
}

TEST_CASE(
    "P5 when a whole pool dies at once each call is replayed at most once, and the idle siblings are not trusted") {
  constexpr unsigned most = 32;
  world w(with_connections(most));
  std::vector<call_id> calls;
  for (unsigned i = 0; i < most; ++i)
    calls.push_back(w.submit());
  for (auto const id : calls) {
    w.dialled(w.expect_dial());
    w.expect_start(id);
  }
  for (std::uint32_t i = 0; i < most; ++i) {
    auto const id = calls[i];
    w.replies(w.d.running(id, connection_id{i, 0}) ? connection_id{i, 0} : connection_id{}, 200);
    w.expect_success(id);
  }
  CHECK(w.stats().idle == most);

  auto const first = w.submit();
  auto const stale = w.expect_start(first);
  w.pass(1ms);
  w.dies_without_reply(stale);
  for (unsigned i = 1; i < most; ++i)
    w.expect_any_close();
  CHECK(w.stats().idle == 0);

  calls.assign(1, first);
  for (int i = 1; i < 512; ++i)
    calls.push_back(w.submit());
  CHECK(w.count(action::type::dial) == most);
  CHECK(w.stats().connecting == most);
  while (w.decided(action::type::dial))
    w.dialled(w.expect_dial());
  unsigned answered = 0;
  while (w.decided(action::type::start)) {
    auto const c = w.expect_start();
    auto const id = w.on(c);
    w.replies(c, 200);
    auto const done = w.expect_complete(id);
    CHECK_FALSE(done.why);
    CHECK(done.attempts == (id == first ? 2U : 1U));
    ++answered;
  }
  CHECK(answered == 512);
  CHECK(w.stats().replays == 1);
  w.expect_nothing();
}

TEST_CASE("a call that must have a fresh connection gets one where all are busy or idle, and does not starve") {
  SECTION("all others are busy: the first that is free makes way") {
    world w(with_connections(2));
    auto const stale = w.open_used();
    auto const id = w.submit(), other = w.submit(), waiting = w.submit();
    w.expect_start(id, stale);
    auto const busy = w.running(other);
    w.dies_without_reply(stale);
    auto const fresh = w.expect_dial();
    w.expect_nothing();
    w.dialled(fresh);
    w.expect_start(id, fresh); // before `waiting`, which is first come
    w.replies(busy, 200);
    w.expect_success(other);
    w.expect_start(waiting, busy);
  }
  SECTION("there is one connection, and it was taken meanwhile") {
    world w(with_connections(1));
    auto const stale = w.open_used();
    auto const id = w.submit(), waiting = w.submit();
    w.expect_start(id, stale);
    w.dies_without_reply(stale);
    auto const fresh = w.expect_dial();
    w.fails_to_dial(fresh); // charged to the one that wanted it
    w.expect_retry(id);
    w.dialled(w.expect_dial());
    w.expect_start(waiting);
  }
}
