// Two threads at one connection, over a transport in memory that holds one of them where the test wants it.
#include "net/connection.hpp"

#include "peer.hpp"

#include "catch.hpp"

#include <boost/asio/error.hpp>

#include <openssl/ssl.h>

#include <functional>
#include <latch>
#include <memory>
#include <span>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace {

using namespace hvc;
namespace test = hvc::tls::test;

// What the connection and the TLS server say to each other.
struct memory_wire final : net::transport {
  void connect(net::endpoint const&, std::shared_ptr<net::transport_events> e) override { events = std::move(e); }
  std::size_t send(std::span<char const> bytes, net::error_code&) override {
    to_server.append(bytes.begin(), bytes.end());
    return bytes.size();
  }
  void wait_writable(std::shared_ptr<net::transport_events>) override {}
  void wait_readable(std::shared_ptr<net::transport_events>) override {
    ++waits;
    if (when_waiting)
      when_waiting();
  }
  void look_later(std::shared_ptr<net::transport_events>) override { ++looks; }
  std::size_t receive(std::span<char> into, net::error_code& ec) override {
    if (to_client.empty())
      ec = boost::asio::error::would_block;
    auto const n = to_client.copy(into.data(), into.size());
    to_client.erase(0, n);
    return n;
  }
  [[nodiscard]] bool readable() noexcept override { return !to_client.empty(); }
  void close() noexcept override { events.reset(); }

  std::shared_ptr<net::transport_events> events;
  std::string to_server, to_client;
  int waits = 0, looks = 0;
  std::function<void()> when_waiting;
};

struct memory_world final : net::platform {
  [[nodiscard]] time_point now() const noexcept override { return {}; }
  [[nodiscard]] std::chrono::sys_seconds wall_clock() const noexcept override { return {}; }
  [[nodiscard]] std::unique_ptr<net::transport> make_transport() override {
    auto made = std::make_unique<memory_wire>();
    wire = made.get();
    return made;
  }
  void resolve(std::string const&, std::uint16_t, resolve_handler done) override { resolved = std::move(done); }
  void wake_at(time_point, std::weak_ptr<net::sleeper>) override {}
  void cancel_alarm() noexcept override {}

  memory_wire* wire = nullptr;
  resolve_handler resolved;
};

struct owner final : net::connection_owner {
  void trying_address(connection_id, unsigned) override {}
  void handshaking(connection_id) override {}
  void dialled(connection_id, bool, chores&) override { open = true; }
  void replied(connection_id, call_id, http::reply, chores&) override { ++replies; }
  void lost(connection_id, dispatch::loss, chores&) override { open = false; }
  bool write_request(connection_id, call_id, std::string& request) override {
    request = "GET / HTTP/1.1\r\n\r\n";
    return true;
  }
  void carry_out(chores&) override {
    if (open && meanwhile)
      std::exchange(meanwhile, nullptr)();
  }

  bool open = false;
  int replies = 0;
  std::function<void()> meanwhile; // when the connection is idle, before it waits for its end
};

// A connection and its server, and the wire between them, on which nothing moves by itself.
struct line {
  line() : server(test::good()), peer(SSL_new(server.get())) {
    SSL_set_bio(peer.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    SSL_set_accept_state(peer.get());
  }
  void open() {
    c->open(test::host, 443);
    std::exchange(world.resolved, nullptr)({}, {net::endpoint()});
    world.wire->events->on_connected({});
    while (!o->open) {
      hear();
      SSL_do_handshake(peer.get());
      tell();
    }
  }
  void hear() {
    BIO_write(SSL_get_rbio(peer.get()), world.wire->to_server.data(), static_cast<int>(world.wire->to_server.size()));
    world.wire->to_server.clear();
  }
  void tell() {
    char* bytes = nullptr;
    auto const size = BIO_get_mem_data(SSL_get_wbio(peer.get()), &bytes);
    REQUIRE(size > 0);
    world.wire->to_client.append(bytes, static_cast<std::size_t>(size));
    (void)BIO_reset(SSL_get_wbio(peer.get()));
    world.wire->events->on_readable({});
  }
  void reply() {
    static constexpr std::string_view ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
    hear();
    char request[4096];
    REQUIRE(SSL_read(peer.get(), request, sizeof request) > 0);
    REQUIRE(SSL_write(peer.get(), ok.data(), static_cast<int>(ok.size())) > 0);
    tell();
  }

  test::server const server;
  tls::owned_connection peer;
  memory_world world;
  std::shared_ptr<owner> const o = std::make_shared<owner>();
  std::shared_ptr<net::connection> const c = std::make_shared<net::connection>(
      connection_id{0, 1}, o, world, test::trusting(test::root()), http::reply_limits());
};

} // namespace

TEST_CASE(
    "a thread that is done with a connection leaves it to another that has it, and it waits for its end all the same") {
  line l;
  std::latch other_is_inside(1), first_is_done(1);
  std::jthread other;
  l.o->meanwhile = [&] {
    l.world.wire->waits = 0;
    l.world.wire->when_waiting = [&] {
      other_is_inside.count_down();
      first_is_done.wait(); // with the connection's mutex held
    };
    other = std::jthread([&] {
      chores todo;
      l.c->next_address(todo); // came too late to do more than look
    });
    other_is_inside.wait();
  };
  l.open(); // returns, although the other thread is still inside
  first_is_done.count_down();
  other.join();
  CHECK(l.world.wire->waits == 1);
  l.c->close();
}

TEST_CASE("a connection looks for a reply at the end of the turn, then waits; after a look in vain it waits at once") {
  line l;
  l.open();
  auto& wire = *l.world.wire;
  call_id call{0, 0};
  auto const ask_in_turn = [&] {
    l.o->meanwhile = [&] {
      chores todo;
      ++call.generation;
      l.c->start(call, todo);
    };
  };
  wire.waits = 0;
  ask_in_turn();
  wire.events->on_readable({}); // of nothing: a caller asks in this turn
  CHECK(wire.looks == 1);
  CHECK(wire.waits == 0);
  wire.events->on_readable({}); // in vain
  CHECK(wire.waits == 1);
  constexpr int skipped = 7;
  for (int n = 1; n <= skipped; ++n) {
    ask_in_turn();
    l.reply();
    CHECK(l.o->replies == n);
    CHECK(wire.looks == 1);
    CHECK(wire.waits == 1 + n);
  }
  for (int n = 2; n != 10; ++n) { // and looks again, as long as it is not in vain
    ask_in_turn();
    l.reply();
    CHECK(wire.looks == n);
  }
  CHECK(wire.waits == 1 + skipped);
  l.reply(); // and nobody asks: it waits for its end
  CHECK(wire.looks == 9);
  CHECK(wire.waits == 2 + skipped);
  l.c->close();
}
