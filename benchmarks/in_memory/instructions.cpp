// hvc-instructions: fixed amounts of work whose instructions are counted under callgrind, which needs no quiet machine.
// What counts is what runs inside the functions named scenario_*. Prints the heap allocations of a repetition, all but
// OpenSSL's. See ../instructions.
#include "allocations.hpp"
#include "memory_client.hpp"
#include "open_dispatcher.hpp"

#include <hvc/codec.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/version.hpp>

#include <openssl/opensslv.h>

#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string>

#define SCENARIO extern "C" [[gnu::noinline]] __attribute__((visibility("default")))

namespace {

using namespace std::chrono_literals;
constexpr int repetitions = 200; // ../instructions divides by it
constexpr int warm_up = 10;

// Asks one question after the other, each from the handler of the one before.
class asker {
public:
  asker(bench::memory_client& client, boost::asio::io_context& ioc) : client_(client), ioc_(ioc) {}

  void ask(int questions) {
    left_ = questions;
    next();
    ioc_.restart();
    ioc_.run();
  }

private:
  void next() {
    client_.ask([this](hvc::result<hvc::sync_info> const& answer) {
      answer.value();
      --left_ != 0 ? next() : ioc_.stop();
    });
  }

  bench::memory_client& client_;
  boost::asio::io_context& ioc_;
  int left_ = 0;
};

} // namespace

SCENARIO bool scenario_decode(std::string const& json) { return hvc::decode_sync_info(json).has_value(); }

// A call from its start to its handler. There is no server in it: the replies are sealed already.
SCENARIO void scenario_exchange(asker& a) { a.ask(repetitions); }

SCENARIO void scenario_dispatch_submit(hvc::dispatch::dispatcher& d, hvc::time_point now, hvc::dispatch::actions& out,
                                       hvc::call_id& call) {
  call = d.submit(now, {30s, 3, true}, out);
}
SCENARIO void scenario_dispatch_success(hvc::dispatch::dispatcher& d, hvc::time_point now,
                                        hvc::connection_id connection, hvc::call_id call, hvc::dispatch::actions& out) {
  d.succeeded(now, connection, call, {true, {}}, out);
}

namespace {

std::uint64_t allocations() {
  return bench::allocations_of_this_thread() - bench::openssl_allocations_of_this_thread();
}

std::uint64_t decode(std::string const& json) {
  auto const before = allocations();
  for (int i = 0; i != repetitions; ++i)
    if (!scenario_decode(json))
      throw std::runtime_error("the Info was not understood");
  return allocations() - before;
}

std::uint64_t exchange(std::string const& json) {
  boost::asio::io_context ioc(1);
  bench::memory_server const server;
  bench::memory_client client(ioc.get_executor(), server, json, 1, warm_up + repetitions);
  asker a(client, ioc);
  a.ask(warm_up);
  auto const before = allocations();
  scenario_exchange(a);
  return allocations() - before;
}

std::uint64_t dispatch() {
  bench::open_dispatcher at;
  auto const before = allocations();
  for (int i = 0; i != repetitions; ++i) {
    at.now += 9us;
    at.actions.clear();
    hvc::call_id call;
    scenario_dispatch_submit(at.dispatcher, at.now, at.actions, call);
    scenario_dispatch_success(at.dispatcher, at.now, at.connection, call, at.actions);
  }
  return allocations() - before;
}

// What the figures depend on. A patch release of Boost or OpenSSL changes no code that is counted.
void print_toolchain() {
#if defined(__clang__)
  constexpr char compiler[] = "clang";
#else
  constexpr char compiler[] = "g++";
#endif
  std::printf("%s %s, Boost %d.%d, OpenSSL %d.%d, %s\n", compiler, __VERSION__, BOOST_VERSION / 100000,
              BOOST_VERSION / 100 % 1000, OPENSSL_VERSION_MAJOR, OPENSSL_VERSION_MINOR, BENCH_FLAGS);
}

} // namespace

// usage: hvc-instructions toolchain | decode|exchange|dispatch REPLY_FILE
int main(int argc, char** argv) {
  if (argc == 2 && std::string(argv[1]) == "toolchain")
    return print_toolchain(), 0;
  if (argc != 3)
    return 2;
  try {
    bench::count_openssl_apart();
    std::string const scenario = argv[1];
    std::string const json = bench::text_of(argv[2]);
    auto const made = scenario == "decode" ? decode(json) : scenario == "exchange" ? exchange(json) : dispatch();
    std::printf("%g\n", static_cast<double>(made) / repetitions);
  } catch (std::exception const& e) {
    std::fprintf(stderr, "hvc-instructions: %s\n", e.what());
    return 1;
  }
}
