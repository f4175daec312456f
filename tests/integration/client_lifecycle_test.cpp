// Cancellation, deadlines, close and destruction, at each point where a call can stand.
#include "client_fixture.hpp"

#include <hvc/sweep.hpp>
#include <hvc/watch.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/signal_set.hpp>

#include <array>
#include <csignal>
#include <memory>

namespace asio = boost::asio;
using namespace hvc::test;

namespace {

// Where a call is held up.
struct point {
  char const* name;
  hvc::stage stage;
};

constexpr std::array points{point{"queued", hvc::stage::queue},
                            point{"handshaking", hvc::stage::handshake},
                            point{"login", hvc::stage::login},
                            point{"head", hvc::stage::head},
                            point{"body", hvc::stage::body},
                            point{"back-off", hvc::stage::back_off},
                            point{"handshaking for a login", hvc::stage::login}};

// A client whose next call stands at a point for as long as nobody ends it.
class held_up {
public:
  explicit held_up(point const& where) : where_(where), w(server_options(where)) {
    auto o = w.options();
    bool const logs_in = name().find("login") != std::string_view::npos;
    if (logs_in)
      o.credentials(hvc::user_password("me", "secret"));
    if (name() == "queued")
      o.pool().max_connections = 1;
    o.retry().throttled_base = 3600s;
    o.retry().cap = 3600s;
    o.timeouts().handshake = 3600s;
    o.timeouts().attempt = 3600s;
    o.timeouts().logout = 100ms;
    o.deadline(7200s);
    client = std::make_unique<hvc::client>(w.context.get_executor(), std::move(o));
    if (name().starts_with("handshaking"))
      w.server.fault_next("silent-handshake");
    else if (name() == "body")
      w.server.fault_next("stall-in-body");
    else if (name() == "back-off")
      w.server.fault_next("503");
    else if (name() == "login")
      w.server.on_request([](hvc::simulated_request const&) { return late(); });
    else
      w.server.fault_next("stall", 2);
    if (name() == "queued") {
      client->list_links(asio::detached); // takes the only connection
      REQUIRE(w.run_until([&] { return w.server.requests() == 1; }));
    }
  }

  // The call has got there.
  [[nodiscard]] bool reached() {
    auto const s = client->stats();
    if (name() == "queued")
      return s.waiters == 1 && s.busy == 1;
    if (name().starts_with("handshaking")) // and the client has had its turns to notice
      return s.connecting == 1 && w.server.connections_accepted() == 1 && turns_++ > 50;
    if (name() == "back-off")
      return s.retries == 1;
    if (name() == "body")
      return w.server.requests() == 1 && turns_++ > 50; // half the body is under way
    return w.server.requests() == 1;
  }

  [[nodiscard]] std::string_view name() const { return where_.name; }

private:
  static hvc::simulator_options server_options(point const& where) {
    hvc::simulator_options o;
    if (std::string_view(where.name).find("login") != std::string_view::npos) {
      o.user = "me";
      o.password = "secret";
    }
    return o;
  }
  static hvc::canned_reply late() {
    hvc::canned_reply r(201, "\"token\"");
    r.fault = "stall";
    return r;
  }

  point where_;
  unsigned turns_ = 0;

public:
  world w;
  std::unique_ptr<hvc::client> client;
};

} // namespace

TEST_CASE("L2 a call is cancelled wherever it stands, exactly once, and leaves no connection with the server") {
  for (point const& where : points) {
    CAPTURE(where.name);
    held_up h(where);
    asio::cancellation_signal signal;
    std::optional<hvc::result<hvc::sync_info>> r;
    unsigned ended = 0;
    h.client->get_provider_sync("link-1", "provider-1",
                                asio::bind_cancellation_slot(signal.slot(), [&](hvc::result<hvc::sync_info> x) {
                                  r = std::move(x);
                                  ++ended;
                                }));
    REQUIRE(h.w.run_until([&] { return h.reached(); }));
    REQUIRE(ended == 0);
    signal.emit(asio::cancellation_type::terminal);
    signal.emit(asio::cancellation_type::terminal);
    REQUIRE(h.w.run_until([&] { return ended != 0; }));
    CHECK(outcome_of(*r) == "canceled");
    if (where.stage != hvc::stage::body)
      CHECK(r->error().stage() == where.stage);
    CHECK_FALSE(r->error().retryable());
    h.client.reset();
    CHECK(h.w.run_out());
    CHECK(h.w.server.wait_until([&] { return h.w.server.open_connections() == 0; }));
    CHECK(ended == 1);
  }
}

TEST_CASE("R10 a deadline passes wherever a call stands, and names the place") {
  for (point const& where : points) {
    CAPTURE(where.name);
    held_up h(where);
    std::optional<hvc::result<hvc::sync_info>> r;
    auto const before = std::chrono::steady_clock::now();
    h.client->get_provider_sync("link-1", "provider-1", hvc::call_options().deadline(700ms),
                                [&](hvc::result<hvc::sync_info> x) { r = std::move(x); });
    REQUIRE(h.w.run_until([&] { return r.has_value(); }));
    auto const took = std::chrono::steady_clock::now() - before;
    REQUIRE_FALSE(r->has_value());
    if (where.stage == hvc::stage::back_off) { // R9: a back-off beyond the deadline is not begun
      CHECK(outcome_of(*r) == "http_status");
    } else {
      CHECK(outcome_of(*r) == "deadline");
      CHECK(r->error().stage() == where.stage);
      CHECK(took >= 700ms);
      CHECK(r->error().elapsed() >= 700ms);
      CHECK(r->error().retryable());
    }
    h.client.reset();
    CHECK(h.w.run_out());
    CHECK(h.w.server.wait_until([&] { return h.w.server.open_connections() == 0; }));
  }
}

TEST_CASE("L1 a client is destroyed wherever its call stands: closed, and nothing is left") {
  for (point const& where : points) {
    CAPTURE(where.name);
    held_up h(where);
    std::optional<hvc::result<hvc::sync_info>> r;
    unsigned ended = 0;
    h.client->get_provider_sync("link-1", "provider-1", [&](hvc::result<hvc::sync_info> x) {
      r = std::move(x);
      ++ended;
    });
    REQUIRE(h.w.run_until([&] { return h.reached(); }));
    h.client.reset();
    CHECK(ended == 0);
    CHECK(h.w.run_out());
    REQUIRE(ended == 1);
    CHECK(outcome_of(*r) == "closed");
    CHECK(h.w.server.wait_until([&] { return h.w.server.open_connections() == 0; }));
  }
}

TEST_CASE("P20 async_close ends the call wherever it stands, then completes") {
  for (point const& where : points) {
    CAPTURE(where.name);
    held_up h(where);
    calls one(h.w);
    one.get(*h.client);
    REQUIRE(h.w.run_until([&] { return h.reached(); }));
    h.w.close(*h.client);
    one.wait();
    CHECK(one.all("closed"));
    CHECK(h.w.run_out(3s));
    CHECK(h.w.server.wait_until([&] { return h.w.server.open_connections() == 0; }));
  }
}

TEST_CASE("P20 a call after the close ends at once, and leaves the io_context nothing to do") {
  world w;
  auto c = w.make_client();
  w.close(c);
  CHECK(outcome_of(w.get(c)) == "closed");
  CHECK(w.run_out(1s));
}

TEST_CASE("P20 a close under load dials nothing for those it turns away, and still logs out") {
  hvc::simulator_options so;
  so.user = "me";
  so.password = "secret";
  world w(so);
  auto o = w.options().credentials(hvc::user_password("me", "secret"));
  o.pool().max_connections = 4;
  auto c = w.make_client(o);
  w.server.fault_next("stall", 4);
  calls many(w);
  for (int i = 0; i < 100; ++i)
    many.get(c);
  REQUIRE(w.run_until([&] { return w.server.requests() == 5; })); // the login, and four that hang
  CHECK(c.stats().waiters == 96);
  w.close(c);
  many.wait();
  CHECK(many.all("closed"));
  CHECK(w.run_out());
  CHECK(w.server.logouts() == 1);
  CHECK(w.server.live_sessions() == 0);
  CHECK(w.server.connections_accepted() <= 5); // one more at most, to log out over
}

TEST_CASE("P22 an io_context is destroyed wherever a coroutine that owns its client waits: all of it goes") {
  for (point const& where : points) {
    CAPTURE(where.name);
    auto const token = std::make_shared<int>(0); // lives in the frame, beside the client
    {
      held_up h(where);
      auto const body = [](hvc::client c, std::shared_ptr<int>) -> asio::awaitable<void> {
        static_cast<void>(co_await c.get_provider_sync("link-1", "provider-1"));
      };
      asio::co_spawn(h.w.context, body(std::move(*h.client), token), asio::detached);
      h.client.reset();
      for (int i = 0; i < 200; ++i)
        h.w.context.run_one_for(1ms);
      CHECK(token.use_count() == 2);
    }
    CHECK(token.use_count() == 1);
  }
}

TEST_CASE("P22 an application that its own handlers hold goes with its io_context, and its client with it") {
  struct application : std::enable_shared_from_this<application> {
    application(world& w, hvc::client_options o) : client(w.make_client(std::move(o))), signals(w.context, SIGUSR2) {}
    hvc::client client;
    asio::signal_set signals; // whose service is made after the client's, and so ends before it
  };
  std::weak_ptr<application> left;
  {
    world w(with_user("me", "secret"));
    auto o = w.options().credentials(hvc::user_password("me", "secret"));
    o.server("https://localhost" + o.server().substr(o.server().rfind(':'))); // whose session ends with a look-up
    auto const app = std::make_shared<application>(w, std::move(o));
    app->signals.async_wait([app](auto const&...) {});
    w.server.fault_next("close-after", 2);
    REQUIRE(w.get(app->client).has_value());
    REQUIRE(w.run_until([&] { return app->client.stats().idle == 0; }));
    left = app;
  }
  CHECK(left.expired());
}

TEST_CASE("P22 what a call's handler owns, a sweep or a watch of the same client, goes with its io_context") {
  for (bool const sweeps : {false, true}) {
    std::weak_ptr<void> left;
    {
      world w;
      auto c = std::make_shared<hvc::client>(w.make_client());
      left = hvc::detail::core_of(*c);
      auto watch = std::make_shared<hvc::watch>(*c, "link-1", "provider-2");
      auto sweep = std::make_shared<hvc::sweep>(*c, hvc::everything);
      w.server.fault_next("stall", 2);
      c->get_provider_sync("link-1", "provider-1", [c, watch, sweep](auto const&) {});
      if (sweeps)
        sweep->next([](auto const&) {});
      else
        watch->next([](auto const&) {});
      REQUIRE(w.run_until([&] { return w.server.requests() == 2; }));
      c.reset();
      watch.reset();
      sweep.reset();
    }
    CHECK(left.expired());
  }
}

TEST_CASE("P22 an io_context that never runs again drops calls, closes and posted completions") {
  auto const token = std::make_shared<int>(0);
  {
    world w;
    auto c = w.make_client();
    auto const handler = [token](auto const&...) {};
    c.get_provider_sync("link-1", "provider-1", handler);
    c.get_provider_sync("", "provider-1", handler);
    c.get_provider_sync("link-1", "provider-1", hvc::call_options().deadline(0ms), handler);
    c.async_close(handler);
    CHECK(token.use_count() == 6);
  }
  CHECK(token.use_count() == 1);
}

TEST_CASE("R11 a deadline of zero, in the past or of all time neither overflows nor does I/O in vain") {
  world w;
  auto c = w.make_client();
  CHECK(outcome_of(w.get(c, "link-1", "provider-1", hvc::call_options().deadline(0ms))) == "deadline");
  CHECK(outcome_of(w.get(c, "link-1", "provider-1", hvc::call_options().deadline(-5ms))) == "deadline");
  CHECK(outcome_of(w.get(c, "link-1", "provider-1", hvc::call_options().deadline(std::chrono::milliseconds::min()))) ==
        "deadline");
  CHECK(w.server.connections_accepted() == 0);
  CHECK(w.get(c, "link-1", "provider-1", hvc::call_options().deadline(std::chrono::milliseconds::max())).has_value());
}

TEST_CASE("C7 a connection that is not accepted in time is connect_timeout") {
  world w;
  // A listener that accepts nothing, its queue full: further connections get no answer.
  asio::io_context other;
  asio::ip::tcp::acceptor acceptor(other, {asio::ip::make_address("127.0.0.1"), 0}, false);
  acceptor.listen(0);
  std::vector<asio::ip::tcp::socket> fill;
  for (int i = 0; i < 4; ++i) {
    fill.emplace_back(other);
    fill.back().async_connect(acceptor.local_endpoint(), asio::detached);
  }
  other.run_for(50ms);
  auto o = w.options();
  o.server("https://127.0.0.1:" + std::to_string(acceptor.local_endpoint().port()));
  o.timeouts().connect = 100ms;
  auto c = w.make_client(o);
  SECTION("by its own limit") {
    auto const r = w.get(c);
    CHECK(outcome_of(r) == "connect_timeout");
    CHECK(r.error().stage() == hvc::stage::connect);
  }
  SECTION("by the call's deadline") {
    auto const r = w.get(c, "link-1", "provider-1", hvc::call_options().deadline(20ms));
    CHECK(outcome_of(r) == "deadline");
    CHECK(r.error().stage() == hvc::stage::connect);
  }
}

TEST_CASE("P13 a cancelled waiter leaves its place to those behind it") {
  held_up h(points[0]);
  asio::cancellation_signal signal;
  bool ended = false;
  h.client->get_provider_sync("link-1", "provider-1", asio::bind_cancellation_slot(signal.slot(), [&](auto const& r) {
                                ended = outcome_of(r) == "canceled";
                              }));
  calls behind(h.w);
  behind.get(*h.client, "link-1", "provider-2");
  signal.emit(asio::cancellation_type::total);
  REQUIRE(h.w.run_until([&] { return ended; }));
  CHECK(h.client->stats().waiters == 1);
  CHECK(behind.ended() == 0);
}

TEST_CASE("P15 a call cancelled in its exchange frees its place at once") {
  world w;
  auto o = w.options();
  o.pool().max_connections = 1;
  auto c = w.make_client(o);
  w.server.fault_next("stall-in-body");
  asio::cancellation_signal signal;
  bool ended = false;
  c.get_provider_sync("link-1", "provider-1",
                      asio::bind_cancellation_slot(signal.slot(), [&](auto const&) { ended = true; }));
  REQUIRE(w.run_until([&] { return w.server.requests() == 1; }));
  calls next(w);
  next.get(c, "link-1", "provider-2");
  signal.emit(asio::cancellation_type::terminal);
  next.wait();
  CHECK(ended);
  CHECK(belongs_to(next[0], "link-1", "provider-2"));
  CHECK(w.server.connections_accepted() == 2); // never the same one again
}

TEST_CASE("L4 a signal that comes with, or after, the answer changes nothing") {
  world w;
  auto c = w.make_client();
  for (int i = 0; i < 50; ++i) {
    asio::cancellation_signal signal;
    std::optional<hvc::result<hvc::sync_info>> r;
    c.get_provider_sync(
        "link-1", "provider-1",
        asio::bind_cancellation_slot(signal.slot(), [&](hvc::result<hvc::sync_info> x) { r = std::move(x); }));
    for (int turns = 0; turns < i / 2 && !r; ++turns)
      w.context.run_one_for(1ms);
    signal.emit(asio::cancellation_type::terminal);
    REQUIRE(w.run_until([&] { return r.has_value(); }));
    CHECK((outcome_of(*r) == "OK" || outcome_of(*r) == "canceled"));
  }
  CHECK(w.get(c).has_value());
  CHECK(c.stats().busy == 0);
}

TEST_CASE("a client moved from may be destroyed, and the one moved to goes on") {
  world w;
  auto first = std::make_unique<hvc::client>(w.make_client());
  calls many(w);
  many.get(*first);
  hvc::client second = std::move(*first);
  first.reset();
  many.get(second);
  many.wait();
  CHECK(many.all("OK"));
}

TEST_CASE("a client assigned to closes what it had") {
  world w;
  auto a = w.make_client();
  auto b = w.make_client();
  REQUIRE(w.get(b).has_value());
  calls of_a(w);
  of_a.get(a);
  a = std::move(b);
  of_a.wait();
  CHECK(of_a.all("closed"));
  CHECK(w.get(a).has_value());
  CHECK(a.stats().calls_succeeded == 2);
  CHECK(a.stats().connections_opened == 1);
}

TEST_CASE("L12 clients come and go by the thousand") {
  world w;
  for (int i = 0; i < 1000; ++i)
    static_cast<void>(w.make_client());
  CHECK(w.run_out());
  CHECK(w.server.connections_accepted() == 0);
}
