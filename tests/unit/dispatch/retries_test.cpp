// When a call whose attempt failed is tried again.
#include "world.hpp"

using namespace hvc;
using namespace hvc::dispatch;
using namespace hvc::dispatch::test;

TEST_CASE("R1 a 503 is retried after a back-off, and the call succeeds") {
  world w;
  auto const id = w.submit();
  auto const c = w.running(id);
  w.replies(c, 503);
  auto const delay = w.expect_retry(id);
  CHECK(delay <= 1s);
  w.expect_nothing();
  w.pass(delay - 1ns);
  w.expect_nothing();
  w.pass(1ns);
  w.expect_start(id, c);
  w.replies(c, 200);
  auto const done = w.expect_complete(id);
  CHECK_FALSE(done.why);
  CHECK(done.attempts == 2);
  w.expect_nothing();
  CHECK(w.stats().retries == 1);
  CHECK(w.stats().retry_budget == 500); // refunded
}

TEST_CASE("R2 Retry-After is waited out") {
  world w;
  auto const id = w.submit();
  w.replies(w.running(id), 503, keep, 2s);
  auto const delay = w.expect_retry(id);
  CHECK(delay >= 2s);
  CHECK(delay <= 2'400ms);
}

TEST_CASE("R4 a Retry-After beyond the deadline ends the call at once, with what the server asked for") {
  world w;
  auto const id = w.submit({.deadline = 5s, .max_attempts = 3});
  w.replies(w.running(id), 503, keep, 6s);
  auto const e = w.expect_failure(id, error_kind::http_status);
  CHECK(e.retry_after() == 6s);
  CHECK(e.retryable());
  w.expect_nothing();
}

TEST_CASE("R7 a 404 ends the call after one attempt") {
  world w;
  auto const id = w.submit();
  w.replies(w.running(id), 404);
  auto const e = w.expect_failure(id, error_kind::http_status);
  CHECK(e.attempts() == 1);
  CHECK_FALSE(e.retryable());
  w.expect_nothing();
  CHECK(w.stats().idle == 1);
}

TEST_CASE("R8 when the attempts are used up the last error ends the call") {
  world w;
  auto const id = w.submit();
  auto c = w.running(id);
  for (int status : {502, 504}) {
    w.replies(c, status);
    w.pass(w.expect_retry(id));
    c = w.expect_start(id);
  }
  w.replies(c, 503);
  auto const e = w.expect_failure(id, error_kind::http_status);
  CHECK(e.http_status() == 503);
  CHECK(e.attempts() == 3);
  w.expect_nothing();
}

TEST_CASE("R9 where the back-off would not end before the deadline the call ends now, with the real cause") {
  world w;
  auto const id = w.submit({.deadline = 1s, .max_attempts = 3});
  auto const c = w.running(id);
  w.pass(999ms);
  for (int i = 0; i < 20 && !w.decided(action::type::complete); ++i) { // a back-off of 0 or 1 ms is possible
    w.replies(c, 502);
    if (w.decided(action::type::retrying)) {
      w.pass(w.expect_retry(id));
      w.expect_start(id);
    }
  }
  CHECK(w.expect_failure(id, error_kind::http_status).http_status() == 502);
}

TEST_CASE("a call that changes something is sent once, whatever happens after its first byte left") {
  auto const lost = [](error const& e) {
    CHECK(e.kind() == error_kind::connection_lost);
    CHECK(e.may_have_taken_effect());
    CHECK_FALSE(e.retryable());
  };
  SECTION("the connection dies without a reply") {
    world w;
    auto const c = w.open_used();
    auto const id = w.post();
    w.expect_start(id, c);
    w.dies_without_reply(c);
    lost(w.expect_complete(id).why.value());
    w.expect_nothing();
  }
  SECTION("the connection dies in the reply") {
    world w;
    auto const id = w.post();
    w.dies_in_reply(w.running(id));
    lost(w.expect_complete(id).why.value());
    w.expect_nothing();
  }
  SECTION("no reply comes in time") {
    world w;
    auto const id = w.post();
    auto const c = w.running(id);
    w.pass(10s);
    w.expect_probe(c);
    w.dies_without_reply(c, error(error_kind::attempt_timeout));
    auto const e = w.expect_failure(id, error_kind::attempt_timeout);
    CHECK(e.may_have_taken_effect());
    w.expect_nothing();
  }
  SECTION("the server says 503: it told what became of it") {
    world w;
    auto const id = w.post();
    w.replies(w.running(id), 503);
    auto const e = w.expect_failure(id, error_kind::http_status);
    CHECK_FALSE(e.may_have_taken_effect());
    CHECK(e.retryable());
    w.expect_nothing();
  }
  SECTION("the deadline passes") {
    world w;
    auto const id = w.post();
    auto const c = w.running(id);
    w.pass(30s);
    w.expect_probe(c);
    CHECK(w.expect_failure(id, error_kind::deadline).may_have_taken_effect());
    w.expect_abort(c, id);
  }
}

TEST_CASE("a call that changes something is tried again as long as no byte has left") {
  world w;
  auto const used = w.open_used();
  auto const id = w.post();
  w.expect_start(id, used);
  w.dies_unsent(used);
  auto const fresh = w.expect_dial();
  w.fails_to_dial(fresh);
  w.pass(w.expect_retry(id));
  w.dialled(w.expect_dial());
  auto const c = w.expect_start(id);
  w.dies_unsent(c); // fresh: by policy
  w.cancel(id);
  w.expect_retry(id);
  auto const e = w.expect_failure(id, error_kind::canceled);
  CHECK_FALSE(e.may_have_taken_effect());
  CHECK(e.attempts() == 3);
}

TEST_CASE("a 401 tells what became of a request, so that its call is in no doubt afterwards") {
  world w(small_settings(authentication::request_source));
  auto const id = w.post();
  w.authorize(w.expect_authorize());
  w.replies(w.running(id), 401);
  CHECK(w.expect_authorize() == id);
  w.cancel(id);
  CHECK_FALSE(w.expect_failure(id, error_kind::canceled).may_have_taken_effect());
}

TEST_CASE("R12 while the server is down the budget bounds the retries, and successes earn them back") {
  world w(with_connections(1));
  for (int i = 0; i < 1'000; ++i) {
    auto const id = w.submit({.deadline = 1h, .max_attempts = 3});
    while (!w.decided(action::type::complete)) {
      w.fails_to_dial(w.expect_dial());
      if (w.decided(action::type::retrying))
        w.pass(w.expect_retry(id));
    }
    w.expect_failure(id, error_kind::connect);
  }
  CHECK(w.stats().retries == 500 / 14);
  for (int i = 0; i < 14; ++i) {
    auto const id = w.submit();
    w.replies(w.running(id), 200);
    w.expect_success(id);
  }
  w.dies_in_reply(w.running(w.submit()));
  CHECK(w.stats().retries == 500 / 14 + 1);
}
