// The pool over real connections: reuse, stale connections, restarts, limits, order.
#include "client_fixture.hpp"

#include <atomic>
#include <memory>
#include <numeric>

using namespace hvc::test;

namespace {

// A server that can be stopped and come back on the same port, as the same server.
class restartable {
public:
  restartable() : server_(std::make_unique<hvc::simulator>()) {
    options_.port = static_cast<std::uint16_t>(std::stoi(server_->server().substr(server_->server().rfind(':') + 1)));
  }
  [[nodiscard]] hvc::simulator& operator*() const { return *server_; }
  [[nodiscard]] hvc::simulator* operator->() const { return server_.get(); }
  void stop() { server_->stop(); }
  void restart() {
    server_.reset();
    server_ = std::make_unique<hvc::simulator>(options_);
  }

private:
  hvc::simulator_options options_;
  std::unique_ptr<hvc::simulator> server_;
};

// A restarted server has a new certificate.
hvc::client_options trusting(hvc::simulator const& s) {
  hvc::client_options o;
  o.server(s.server()).seed(1);
  o.tls().insecure_no_verification();
  o.retry().base = 1ms;
  return o;
}

} // namespace

TEST_CASE("calls one after another share one connection") {
  world w;
  auto c = w.make_client();
  for (int i = 0; i < 50; ++i)
    REQUIRE(w.get(c).has_value());
  CHECK(w.server.connections_accepted() == 1);
  CHECK(c.stats().connections_opened == 1);
  CHECK(c.stats().idle == 1);
  CHECK(c.stats().attempts == 50);
}

TEST_CASE("after a reply nothing wakes the loop: its connection is watched for input only") {
  world w;
  auto c = w.make_client();
  std::size_t turns = 0;
  for (int i = 0; i < 10; ++i) {
    REQUIRE(w.get(c).has_value());
    turns += w.context.poll();
  }
  CHECK(turns < 5); // an alarm, perhaps, and not one turn a call
}

TEST_CASE("P1 a connection that closed while idle is dropped before anyone is handed it") {
  world w;
  auto c = w.make_client();
  for (int i = 0; i < 5; ++i) {
    w.server.fault_next("close-idle");
    REQUIRE(w.get(c).has_value());
    REQUIRE(w.run_until([&] { return c.stats().idle == 0; }));
    CHECK(w.server.wait_until([&] { return w.server.open_connections() == 0; }));
  }
  CHECK(c.stats().attempts == 5); // no attempt failed
  CHECK(c.stats().replays == 0);
}

TEST_CASE("H26 unsolicited bytes on an idle connection close it, and the next caller never sees them") {
  world w;
  auto c = w.make_client();
  w.server.fault_next("idle-bytes");
  REQUIRE(w.get(c).has_value());
  REQUIRE(w.run_until([&] { return c.stats().idle == 0; }));
  CHECK(w.get(c).has_value());
  CHECK(c.stats().replays == 0);
  CHECK(c.stats().connections_opened == 2);
}

TEST_CASE("P2 a reused connection that dies without a byte of reply is replayed once, unseen by the caller") {
  world w;
  auto c = w.make_client();
  for (auto const* fault : {"close", "reset"}) {
    REQUIRE(w.get(c).has_value());
    w.server.fault_next(fault);
    auto const before = c.stats();
    auto const r = w.get(c, "link-1", "provider-1", hvc::call_options().attempts(1));
    CHECK(belongs_to(r, "link-1", "provider-1"));
    CHECK(c.stats().replays == before.replays + 1);
    CHECK(c.stats().attempts == before.attempts + 2);
    CHECK(c.stats().retries == before.retries);
  }
}

TEST_CASE("P3 a fresh connection that dies without a byte is an attempt, and not replayed") {
  world w;
  auto c = w.make_client();
  w.server.fault_next("close");
  auto const r = w.get(c, "link-1", "provider-1", hvc::call_options().attempts(1));
  REQUIRE(outcome_of(r) == "connection_lost(before_headers)");
  CHECK_FALSE(r.error().connection_reused());
  CHECK(r.error().attempts() == 1);
  CHECK(c.stats().replays == 0);
  w.server.fault_next("close");
  CHECK(w.get(c).has_value());
  CHECK(c.stats().retries == 1);
}

TEST_CASE("P2 a call is replayed once only: the second loss counts as an attempt") {
  world w;
  auto c = w.make_client();
  REQUIRE(w.get(c).has_value());
  w.server.fault_next("close", 2);
  auto const r = w.get(c, "link-1", "provider-1", hvc::call_options().attempts(1));
  CHECK(outcome_of(r) == "connection_lost(before_headers)");
  CHECK(r.error().attempts() == 2);
}

TEST_CASE("P5 a server that restarts under idle connections is met by fresh ones, and no more than allowed") {
  restartable server;
  world w; // its io_context only
  auto o = trusting(*server);
  auto c = w.make_client(o);
  calls first(w);
  for (unsigned i = 0; i < 64; ++i)
    first.get(c);
  first.wait();
  CHECK(first.all("OK"));
  auto const opened = c.stats().connections_opened;
  server.stop();
  server.restart();
  calls second(w);
  for (unsigned i = 0; i < 512; ++i)
    second.get(c);
  second.wait();
  CHECK(second.all("OK"));
  CHECK(c.stats().connections_opened <= opened + 16);
  CHECK(server->connections_accepted() <= 16);
}

TEST_CASE("P5 a server that restarts under load loses no call's completion") {
  restartable server;
  world w;
  auto c = w.make_client(trusting(*server));
  calls many(w);
  for (unsigned i = 0; i < 300; ++i)
    many.get(c);
  REQUIRE(w.run_until([&] { return many.ended() >= 50; }));
  server.stop();
  server.restart();
  many.wait();
  CHECK(w.get(c).has_value());
  for (auto const& [outcome, count] : many.tally()) {
    CAPTURE(outcome, count);
    CHECK((outcome == "OK" || outcome == "connect" || outcome.starts_with("connection_lost") ||
           outcome == "tls_handshake(reset_in_handshake)"));
  }
}

TEST_CASE("P11 waiters are served first come, first served") {
  world w;
  auto o = w.options();
  o.pool().max_connections = 1;
  auto c = w.make_client(o);
  calls many(w);
  for (unsigned i = 0; i < 100; ++i)
    many.get(c);
  many.wait();
  std::vector<std::size_t> in_order(100);
  std::iota(in_order.begin(), in_order.end(), 0U);
  CHECK(many.order() == in_order);
  CHECK(w.server.connections_accepted() == 1);
}

TEST_CASE("P11 one waiter too many ends with pool_full at once, the others are served") {
  world w;
  auto o = w.options();
  o.pool().max_connections = 2;
  o.pool().max_waiters = 10;
  auto c = w.make_client(o);
  calls many(w);
  for (unsigned i = 0; i < 15; ++i)
    many.get(c);
  many.wait();
  CHECK(many.tally()["OK"] == 10);
  CHECK(many.tally()["pool_full"] == 5);
  CHECK(outcome_of(many[14]) == "pool_full");
  CHECK(many[14].error().retryable());
}

TEST_CASE("P18 10,000 calls on an empty pool dial no more than its limit") {
  world w;
  auto o = w.options();
  o.pool().max_connections = 8;
  o.pool().max_waiters = 10'000;
  o.deadline(120s);
  auto c = w.make_client(o);
  calls many(w);
  for (unsigned i = 0; i < (HVC_INSTRUMENTED ? 2'000 : 10'000); ++i)
    many.get(c);
  many.wait();
  CHECK(many.all("OK"));
  CHECK(w.server.connections_accepted() <= 8);
}

TEST_CASE("H24 connection: close is obeyed") {
  world w;
  auto c = w.make_client();
  w.server.fault_next("close-after", 3);
  for (int i = 0; i < 3; ++i)
    REQUIRE(w.get(c).has_value());
  CHECK(w.server.connections_accepted() == 3);
  CHECK(c.stats().replays == 0);
  CHECK(c.stats().idle == 0);
}

TEST_CASE("P9 a connection past its lifetime finishes its exchange and closes, without the server's help") {
  world w;
  auto o = w.options();
  o.pool().max_lifetime = 1ms;
  auto c = w.make_client(o);
  w.server.on_request([](auto const&) -> std::optional<hvc::canned_reply> {
    hvc::canned_reply r(200, R"({"status":"SUCCEEDED","polling_interval_in_seconds":1})");
    r.delay = 10ms;
    return r;
  });
  for (int i = 0; i < 3; ++i)
    REQUIRE(w.get(c).has_value());
  CHECK(w.run_until([&] { return w.server.open_connections() == 0; }));
  CHECK(c.stats().connections_opened == 3);
}

TEST_CASE("P8 an idle connection closes after its time, and the io_context then has nothing to do") {
  world w;
  auto o = w.options();
  o.pool().idle_timeout = 50ms;
  auto c = w.make_client(o);
  REQUIRE(w.get(c).has_value());
  CHECK(w.run_until([&] { return w.server.open_connections() == 0; }));
  CHECK(c.stats().idle == 0);
  CHECK(w.get(c).has_value());
}

TEST_CASE("P8 the server's own keep-alive time is kept to") {
  world w;
  auto c = w.make_client();
  hvc::canned_reply r(200, R"({"status":"SUCCEEDED","polling_interval_in_seconds":1})");
  r.fields.emplace_back("keep-alive", "timeout=1");
  w.server.set_reply("link-1", "provider-1", r);
  REQUIRE(w.get(c).has_value());
  CHECK(w.run_until([&] { return w.server.open_connections() == 0; })); // a second less than the server's: at once
}

TEST_CASE("P7 silence ends an attempt with attempt_timeout, and another connection is tried") {
  world w;
  auto o = w.options();
  o.timeouts().attempt = 50ms;
  auto c = w.make_client(o);
  w.server.fault_next("stall");
  CHECK(w.get(c).has_value());
  CHECK(c.stats().retries == 1);
  w.server.fault_next("stall");
  auto const r = w.get(c, "link-1", "provider-1", hvc::call_options().attempts(1));
  CHECK(outcome_of(r) == "attempt_timeout");
  CHECK(r.error().retryable());
  CHECK(w.run_until([&] { return w.server.open_connections() <= 1; }));
}

TEST_CASE("a reply that began in time is not cut by the attempt's time") {
  world w;
  auto o = w.options();
  o.timeouts().attempt = 400ms;
  auto c = w.make_client(o);
  hvc::canned_reply r(200, R"({"status":"SUCCEEDED","polling_interval_in_seconds":1})");
  r.fault = "slow"; // a byte each 100 ms
  w.server.set_reply("link-1", "provider-1", r);
  auto const answer = w.get(c, "link-1", "provider-1", hvc::call_options().deadline(1500ms));
  REQUIRE(outcome_of(answer) == "deadline"); // H30: and not attempt_timeout
  CHECK(answer.error().elapsed() >= 1500ms);
}
