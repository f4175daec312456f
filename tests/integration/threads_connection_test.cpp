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
  int waits = 0;
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
  void replied(connection_id, call_id, http::reply, chores&) override {}
  void lost(connection_id, dispatch::loss, chores&) override { open = false; }
  bool write_request(connection_id, call_id, std::string&) override { return false; }
  void carry_out(chores&) override {
    if (open && meanwhile)
      std::exchange(meanwhile, nullptr)();
  }

  bool open = false;
  std::function<void()> meanwhile; // when the connection is idle, before it waits for its end
};

} // namespace

TEST_CASE(
    "a thread that is done with a connection leaves it to another that has it, and it waits for its end all the same") {
  test::server const server(test::good());
  tls::owned_connection peer(SSL_new(server.get()));
  SSL_set_bio(peer.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
  SSL_set_accept_state(peer.get());

  memory_world world;
  auto const o = std::make_shared<owner>();
  auto const c = std::make_shared<net::connection>(connection_id{0, 1}, o, world, test::trusting(test::root()),
                                                   http::reply_limits());
  std::latch other_is_inside(1), first_is_done(1);
  std::jthread other;
  o->meanwhile = [&] {
    world.wire->waits = 0;
    world.wire->when_waiting = [&] {
      other_is_inside.count_down();
      first_is_done.wait(); // with the connection's mutex held
    };
    other = std::jthread([&] {
      chores todo;
      c->next_address(todo); // came too late to do more than look
    });
    other_is_inside.wait();
  };

  c->open(test::host, 443);
  std::exchange(world.resolved, nullptr)({}, {net::endpoint()});
  world.wire->events->on_connected({});
  while (!o->open) {
    BIO_write(SSL_get_rbio(peer.get()), world.wire->to_server.data(), static_cast<int>(world.wire->to_server.size()));
    world.wire->to_server.clear();
    SSL_do_handshake(peer.get());
    char* bytes = nullptr;
    auto const size = BIO_get_mem_data(SSL_get_wbio(peer.get()), &bytes);
    REQUIRE(size > 0);
    world.wire->to_client.assign(bytes, static_cast<std::size_t>(size));
    (void)BIO_reset(SSL_get_wbio(peer.get()));
    world.wire->events->on_readable({}); // returns, although the other thread is still inside
  }
  first_is_done.count_down();
  other.join();
  CHECK(world.wire->waits == 1);
  c->close();
}
