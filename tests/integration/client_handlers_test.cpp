// What a handler may do: throw, close or destroy the client, call it again and again.
#include "client_fixture.hpp"

#include <memory>
#include <stdexcept>

using namespace hvc::test;

namespace {

// Until every other call has ended, and so many handlers have thrown. How many times run_one did: what several handlers
// throw in one turn, Asio throws as one asio::multiple_exceptions.
unsigned run_while_handlers_throw(world& w, calls const& others, unsigned const& threw) {
  unsigned thrown = 0;
  for (auto const end = std::chrono::steady_clock::now() + 20s;
       (others.ended() < 20 || threw < 20) && std::chrono::steady_clock::now() < end;)
    try {
      w.context.run_one_for(5ms);
    } catch (std::exception const&) {
      ++thrown;
    }
  return thrown;
}

} // namespace

TEST_CASE("U10 a handler that throws hurts no other call") {
  world w;
  auto c = w.make_client();
  unsigned threw = 0;
  auto const thrower = [&](auto const&) {
    ++threw;
    throw std::runtime_error("from a handler");
  };
  calls others(w);
  SECTION("on a reply") {
    for (int i = 0; i < 20; ++i) {
      others.get(c);
      c.list_links(thrower);
    }
    CHECK(run_while_handlers_throw(w, others, threw) > 0);
    CHECK(others.all("OK"));
    CHECK(w.get(c).has_value());
  }
  SECTION("on a failure that many share") { // one refused login completes them all in one go
    w.server.set_credentials("me", "other");
    auto refused = w.make_client(w.options().credentials(hvc::user_password("me", "secret")));
    for (int i = 0; i < 20; ++i) {
      refused.list_links(thrower);
      others.get(refused);
    }
    CHECK(run_while_handlers_throw(w, others, threw) > 0);
    CHECK(others.all("auth(login_refused)"));
    CHECK(refused.stats().busy == 0);
  }
  CHECK(threw == 20);
  CHECK(c.stats().busy == 0);
}

TEST_CASE("U10 a connection whose handler threw still hears the server close it") {
  world w;
  auto server = std::make_unique<hvc::simulator>();
  auto o = w.options();
  o.server(server->server()).tls().ca_pem(server->ca_pem());
  o.pool().idle_timeout = 1h;
  auto c = w.make_client(o);
  c.get_provider_sync("link-1", "provider-1", [](auto const&) { throw std::runtime_error("from a handler"); });
  CHECK_THROWS_AS(w.run_until([] { return false; }), std::runtime_error);
  CHECK(c.stats().idle == 1);
  server.reset();
  CHECK(w.run_until([&] { return c.stats().idle == 0; }));
}

TEST_CASE("U11 a handler may destroy the client, with calls waiting") {
  world w;
  auto o = w.options();
  o.pool().max_connections = 1;
  auto c = std::make_unique<hvc::client>(w.context.get_executor(), o);
  calls others(w);
  bool ended = false;
  c->get_provider_sync("link-1", "provider-1", [&](auto const&) {
    c.reset();
    ended = true;
  });
  others.get(*c);
  others.get(*c);
  others.wait();
  CHECK(ended);
  CHECK(others.all("closed"));
  CHECK(w.run_out());
  CHECK(w.server.wait_until([&] { return w.server.open_connections() == 0; }));
}

TEST_CASE("U11 a handler may close the client, close it again, and call it") {
  world w;
  auto c = w.make_client();
  unsigned closed = 0;
  std::string after;
  c.get_provider_sync("link-1", "provider-1", [&](auto const&) {
    c.async_close([&] {
      ++closed;
      c.async_close([&] { ++closed; });
      c.list_links([&](auto const& r) { after = outcome_of(r); });
    });
    c.async_close([&] { ++closed; });
    CHECK(closed == 0);
  });
  CHECK(w.run_out());
  CHECK(closed == 3);
  CHECK(after == "closed");
}

TEST_CASE("U11 a handler may make the next call, 2,000 times in a row") {
  world w;
  auto c = w.make_client();
  unsigned left = 2000;
  std::function<void(hvc::result<hvc::sync_info>)> again = [&](hvc::result<hvc::sync_info> const& r) {
    REQUIRE(r.has_value());
    if (--left != 0)
      c.get_provider_sync("link-1", "provider-1", again);
  };
  c.get_provider_sync("link-1", "provider-1", again);
  CHECK(w.run_until([&] { return left == 0; }, 60s));
  CHECK(c.stats().connections_opened == 1);
}

TEST_CASE("U11 100,000 completions that need no I/O do not grow the stack") {
  world w;
  auto c = w.make_client();
  w.close(c);
  unsigned left = HVC_INSTRUMENTED ? 10'000 : 100'000;
  std::uintptr_t lowest = ~std::uintptr_t(0), highest = 0;
  std::function<void(hvc::result<hvc::sync_info>)> again = [&](hvc::result<hvc::sync_info> const&) {
    auto const here = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
    lowest = std::min(lowest, here);
    highest = std::max(highest, here);
    if (--left == 0)
      return;
    if (left % 2 == 0)
      c.get_provider_sync("link-1", "provider-1", again);
    else
      c.get_provider_sync("", "", again);
  };
  c.get_provider_sync("link-1", "provider-1", again);
  CHECK(w.run_until([&] { return left == 0; }, 60s));
  CHECK(highest - lowest < 64 * 1024);
}
