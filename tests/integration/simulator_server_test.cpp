// The simulator as a server: its connections, its clock, its threads, its options.
#include "simulator_fixture.hpp"

#include <boost/asio/io_context.hpp>

#include <filesystem>
#include <thread>
#include <vector>

#include <unistd.h>

using namespace hvc::test;
using namespace std::chrono_literals;

namespace {

// A directory that is gone when the test is.
struct temporary_directory {
  temporary_directory()
      : path(std::filesystem::temp_directory_path() / ("hvc-simulator-test-" + std::to_string(::getpid()))) {}
  ~temporary_directory() { std::filesystem::remove_all(path); }
  std::filesystem::path path;
};

// Connects, and says nothing.
class silent_connection {
public:
  explicit silent_connection(std::string_view server) : socket_(connect_to(server)) {}
  ~silent_connection() { ::close(socket_); }
  silent_connection(silent_connection const&) = delete;

private:
  int socket_;
};

} // namespace

TEST_CASE("a client that asks for it, or speaks HTTP/1.0, is answered and left") {
  hvc::simulator const s;
  auto c = client_of(s);
  c.ask("GET", sync_target, "Connection: close\r\n");
  CHECK(c.answer().status == 200);
  CHECK(c.rest().empty());
  CHECK(c.how_it_ended() == raw_client::end::close_notify);
  auto d = client_of(s);
  d.send("GET /api/hvc/links HTTP/1.0\r\n\r\n");
  CHECK(d.answer().status == 200);
  CHECK(d.rest().empty());
}

TEST_CASE("two requests at once are answered in their order") {
  hvc::simulator const s;
  auto c = client_of(s);
  c.ask("GET", "/api/hvc/links");
  c.ask("GET", sync_target);
  CHECK(hvc::decode_links(c.answer().body).has_value());
  CHECK(info_in(c.answer()).status == hvc::sync_status::succeeded);
}

TEST_CASE("a server that stops closes idle connections in order and its port") {
  hvc::simulator s;
  auto c = client_of(s);
  CHECK(c.get(sync_target).status == 200);
  CHECK(s.open_connections() == 1);
  s.stop();
  CHECK(c.rest().empty());
  CHECK(c.how_it_ended() == raw_client::end::close_notify);
  CHECK(s.open_connections() == 0);
  CHECK_THROWS(client_of(s));
  s.stop();
}

TEST_CASE("an unused connection is closed after the idle time-out") {
  hvc::simulator_options o;
  o.idle_timeout = 20ms;
  hvc::simulator const s(o);
  auto c = client_of(s);
  CHECK(c.rest().empty());
  CHECK(s.wait_until([&] { return s.open_connections() == 0; }));
}

TEST_CASE("an event can be waited for, and waiting ends") {
  hvc::simulator const s;
  CHECK_FALSE(s.wait_until([&] { return s.requests() == 1; }, 1ms));
  auto c = client_of(s);
  c.ask("GET", sync_target);
  CHECK(s.wait_until([&] { return s.requests() == 1; }));
}

TEST_CASE("a round trip costs two waits at connect and one a request") {
  hvc::simulator_options o;
  o.rtt = 20ms;
  hvc::simulator const s(o);
  auto const start = std::chrono::steady_clock::now();
  auto c = client_of(s);
  auto const connected = std::chrono::steady_clock::now();
  CHECK(connected - start >= 40ms);
  CHECK(c.get(sync_target).status == 200);
  CHECK(std::chrono::steady_clock::now() - connected >= 20ms);
}

TEST_CASE("a restarted server with the same directory is the same server to its clients") {
  temporary_directory const kept;
  hvc::simulator_options o;
  o.pki_directory = (kept.path / "deep").string();
  std::string ca, pin;
  {
    hvc::simulator const first(o);
    ca = first.ca_pem();
    pin = first.certificate_sha256();
  }
  hvc::simulator const second(o);
  CHECK(second.ca_pem() == ca);
  CHECK(second.certificate_sha256() == pin);
  CHECK(raw_client(second.server(), ca).get(sync_target).status == 200);
  CHECK(hvc::simulator().certificate_sha256() != pin);
}

TEST_CASE("a kept certificate is made anew where it is for other names, or its authority is lost") {
  temporary_directory const kept;
  hvc::simulator_options o;
  o.pki_directory = kept.path.string();
  auto const pin_of = [&o] { return hvc::simulator(o).certificate_sha256(); };
  auto const first = pin_of();
  CHECK(pin_of() == first);
  o.host_names = {"localhost", "127.0.0.1", "*.example.test"};
  auto const other = pin_of();
  CHECK(other != first);
  CHECK(pin_of() == other);
  o.host_names = {};
  auto const nameless = pin_of();
  CHECK(nameless != other);
  CHECK(pin_of() == nameless);
  o.host_names = {"localhost", "127.0.0.1"};
  std::filesystem::remove(kept.path / "ca.key");
  CHECK(pin_of() != other);
  hvc::simulator const s(o);
  CHECK(raw_client(s.server(), s.ca_pem()).get(sync_target).status == 200);
}

TEST_CASE("a connection that is being accepted does not hold up a stop") {
  for (int n = 0; n != 20; ++n) {
    hvc::simulator s;
    silent_connection const just_now(s.server());
    auto const begun = std::chrono::steady_clock::now();
    s.stop();
    CHECK(std::chrono::steady_clock::now() - begun < 10s);
    CHECK(s.open_connections() == 0);
  }
}

TEST_CASE("several threads may stop it at once") {
  hvc::simulator s;
  std::vector<std::thread> threads;
  for (int n = 0; n != 4; ++n)
    threads.emplace_back([&s] { s.stop(); });
  for (auto& t : threads)
    t.join();
  CHECK(s.open_connections() == 0);
}

TEST_CASE("it runs on an executor of the user's, several threads if there are") {
  boost::asio::io_context io;
  std::optional<hvc::simulator> s;
  s.emplace(io.get_executor(), hvc::simulator_options());
  std::vector<std::thread> threads;
  for (int n = 0; n != 3; ++n)
    threads.emplace_back([&] { io.run(); });
  {
    auto c = client_of(*s);
    CHECK(c.get(sync_target).status == 200);
    s->stop();
    CHECK(c.rest().empty());
  }
  for (auto& t : threads)
    t.join(); // with nothing left to do, run() returns
  s.reset();
}

TEST_CASE("an executor's context destroyed before it ever ran leaks nothing") {
  std::optional<hvc::simulator> s;
  boost::asio::io_context io;
  s.emplace(io.get_executor(), hvc::simulator_options());
  s.reset();
}

TEST_CASE("impossible options are refused by name") {
  auto const refused = [](auto change) {
    hvc::simulator_options o;
    change(o);
    try {
      hvc::simulator const s(o);
    } catch (std::invalid_argument const& e) {
      return std::string(e.what()).substr(0, std::string(e.what()).find(':'));
    }
    return std::string();
  };
  CHECK(refused([](auto& o) { o.threads = 0; }) == "threads");
  CHECK(refused([](auto& o) { o.links = static_cast<unsigned>(-1); }) == "links");
  CHECK(refused([](auto& o) { o.faults = {"nothing@1%"}; }) == "faults");
  CHECK(refused([](auto& o) { o.faults = {"reset@200%"}; }) == "faults");
  CHECK(refused([](auto& o) { o.stall = "often"; }) == "stall");
  CHECK(refused([](auto& o) { o.address = "nowhere"; }) == "address");
  CHECK(refused([](auto& o) { o.user = "a:b"; }) == "user");
  CHECK(refused([](auto& o) { o.session_idle = 0ms; }) == "session_idle");
  CHECK(refused([](auto& o) { o.session_idle = std::chrono::milliseconds::max(); }) == "session_idle");
  CHECK(refused([](auto& o) { o.rtt = -1ms; }) == "rtt");
  CHECK(refused([](auto& o) { o.host_names = {"localhost", ""}; }) == "host_names");
}
