// Faults of the process itself: no descriptors, signals, and a server that wants all the memory.
#include "fault_fixture.hpp"

#include "net/system_failure.hpp"

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <dlfcn.h>
#include <fcntl.h>
#include <filesystem>
#include <malloc.h>
#include <pthread.h>
#include <set>
#include <sys/resource.h>
#include <sys/time.h>
#include <unistd.h>

using namespace hvc;
using namespace hvc::test;

namespace {

std::set<int> descriptors() {
  std::set<int> open;
  for (auto const& entry : std::filesystem::directory_iterator("/proc/self/fd"))
    open.insert(std::stoi(entry.path().filename().string()));
  return open;
}

} // namespace

TEST_CASE("X1 without descriptors a call ends with resource(fd), and calls succeed when there are some again") {
  fault_world w(behave);
  auto other = w.make_client();
  REQUIRE(outcome_of(w.get(other)) == "OK"); // the server has all it needs, and no connection of it ends meanwhile
  auto o = w.options();
  bool const by_name = GENERATE(false, true); // getaddrinfo(3), which then knows no name, is not believed
  if (by_name)
    o.server("https://localhost" + o.server().substr(o.server().rfind(':')));
  auto client = w.make_client(std::move(o));
  rlimit before{};
  REQUIRE(::getrlimit(RLIMIT_NOFILE, &before) == 0);
  int const lowest = ::dup(0);
  REQUIRE(lowest >= 0);
  ::close(lowest);
  rlimit none = before;
  none.rlim_cur = static_cast<rlim_t>(lowest);
  CHECK(outcome_of(w.get(client, call_options().deadline(0ms))) == "deadline"); // whatever Asio opens once is open now
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &none) == 0);
  auto const r = w.get(client);
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &before) == 0);
  CHECK(outcome_of(r) == "resource(fd)");
  CHECK(r.error().attempts() <= 3);
  CHECK(outcome_of(w.get(client)) == (by_name ? "tls_verify(host_mismatch)" : "OK")); // its certificate has no name
}

TEST_CASE("X2 C10 what the kernel lacks is told from what the server does") {
  auto const failure_of = [](int code) {
    auto const f = net::connect_failure("192.0.2.1:443", {code, boost::system::system_category()});
    return std::string(to_string(f.kind)) + '(' + std::string(f.reason) + ')';
  };
  CHECK(failure_of(ENOBUFS) == "resource(memory)");
  CHECK(failure_of(ENOMEM) == "resource(memory)");
  CHECK(failure_of(EMFILE) == "resource(fd)");
  CHECK(failure_of(ENFILE) == "resource(fd)");
  CHECK(failure_of(EADDRNOTAVAIL) == "resource(ports)");
  for (int const code : {EHOSTUNREACH, ENETUNREACH, ECONNREFUSED, ECONNRESET})
    CHECK(failure_of(code) == "connect()");
  CHECK(failure_of(ETIMEDOUT) == "connect_timeout()");
}

// The system's pthread_create, or the sanitizer's, but for one test.
namespace {
thread_local bool no_threads = false;
}

extern "C" {
[[gnu::weak]] int __interceptor_pthread_create(pthread_t*, pthread_attr_t const*, void* (*)(void*), void*);

int pthread_create(pthread_t* thread, pthread_attr_t const* attributes, void* (*run)(void*), void* argument) {
  using function = decltype(&pthread_create);
  static auto const real = &__interceptor_pthread_create != nullptr
                               ? &__interceptor_pthread_create
                               : reinterpret_cast<function>(::dlsym(RTLD_NEXT, "pthread_create"));
  return no_threads ? EAGAIN : real(thread, attributes, run, argument);
}

// clang's check of virtual tables needs a descriptor to look, and takes test X1, which leaves none, for a wrong table.
char const* __ubsan_default_suppressions() { return "vptr_check:*"; }
}

TEST_CASE("X5 without a thread for the resolver the call ends, and a later one finds its server") {
  fault_world w(behave);
  auto client =
      w.make_client(w.options().server("https://localhost" + w.server.url().substr(w.server.url().rfind(':'))));
  no_threads = true;
  auto const r = w.get(client, call_options().attempts(1));
  no_threads = false;
  REQUIRE(r.has_error());
  CHECK(name_of(r.error()) == "resolve");
  CHECK(name_of(w.get(client).error()) == "tls_verify(host_mismatch)"); // the certificate's name is its address
}

TEST_CASE("X7 signals that interrupt system calls are invisible") {
  static std::atomic<unsigned> interruptions;
  interruptions = 0;
  struct sigaction action {
  }, before{};
  action.sa_handler = [](int) { ++interruptions; };
  REQUIRE(::sigaction(SIGALRM, &action, &before) == 0); // without SA_RESTART
  {
    fault_world w(behave);
    auto client = w.make_client();
    itimerval const often{{0, 500}, {0, 500}}, never{};
    REQUIRE(::setitimer(ITIMER_REAL, &often, nullptr) == 0);
    std::size_t good = 0;
    auto const end = std::chrono::steady_clock::now() + 10s;
    for (int n = 0; (n != 300 || interruptions < 20) && std::chrono::steady_clock::now() < end; ++n)
      good += w.get(client).has_value() ? 0 : 1;
    ::setitimer(ITIMER_REAL, &never, nullptr);
    CHECK(good == 0);
    CHECK(interruptions >= 20);
  }
  ::sigaction(SIGALRM, &before, nullptr);
}

TEST_CASE("X8 a write to a connection that was reset raises no SIGPIPE, and the call is replayed") {
  auto* const before = std::signal(SIGPIPE, SIG_DFL);
  signal_flag answered, dead;
  {
    fault_world w(std::vector<scripted_server::script>{[&](conversation& c) {
                                                         c.shake_hands();
                                                         c.hear();
                                                         c.say(good_reply());
                                                         answered.wait();
                                                         c.reset();
                                                         dead.set();
                                                       },
                                                       behave});
    auto client = w.make_client();
    CHECK(outcome_of(w.get(client)) == "OK");
    answered.set();
    dead.wait();
    w.server.wait_until_clients_can_read(); // with nobody running the io_context
    CHECK(outcome_of(w.get(client)) == "OK");
    CHECK(w.server.connections() == 2);
    CHECK(client.stats().retries == 0);
  }
  std::signal(SIGPIPE, before);
}

TEST_CASE("X9 every descriptor of a client is closed by exec") {
  fault_world w(behave);
  boost::asio::io_context& context = w.context; // Asio's own descriptors are open now
  static_cast<void>(context);
  auto const before = descriptors();
  auto client = w.make_client();
  CHECK(outcome_of(w.get(client)) == "OK");
  std::size_t looked_at = 0;
  for (int const fd : descriptors()) {
    int const flags = ::fcntl(fd, F_GETFD);
    if (before.contains(fd) || flags < 0)
      continue;
    ++looked_at;
    CHECK((flags & FD_CLOEXEC) != 0);
  }
  CHECK(looked_at >= 1);
}

TEST_CASE("X10 a server that wants all the memory gets no more than the limits allow") {
  constexpr unsigned connections = 32;
  constexpr std::size_t body = 1024 * 1024;
  std::atomic<unsigned> full = 0;
  signal_flag measured;
  fault_world w([&](conversation& c) {
    c.shake_hands();
    c.hear();
    c.say("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
    std::string const chunk = "4000\r\n" + std::string(0x4000, ' ') + "\r\n";
    for (std::size_t sent = 0; sent + 0x4000 < body; sent += 0x4000)
      c.say(chunk);
    ++full;
    measured.wait();
    for (;;)
      c.say(chunk); // and on and on
  });
  auto o = w.options();
  o.pool().max_connections = connections;
  auto client = w.make_client(o);
  auto const in_use = [] {
    auto const m = ::mallinfo2();
    return m.uordblks + m.hblkhd;
  };
  auto const before = in_use();
  unsigned ended = 0, at_the_limit = 0;
  for (unsigned n = 0; n != connections; ++n)
    client.get_provider_sync("link-1", "provider-1", [&](result<sync_info> r) {
      ++ended;
      at_the_limit += outcome_of(r) == "limit(body)" ? 1U : 0U;
    });
  REQUIRE(w.run_until([&] { return full == connections; }));
  // A body grows into twice its size at most, besides a buffer for records.
  CHECK(in_use() < before + connections * (2 * body + 256 * 1024));
  measured.set();
  REQUIRE(w.run_until([&] { return ended == connections; }));
  CHECK(at_the_limit == connections);
}
