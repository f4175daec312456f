// hvc-reconnect: the CPU a client spends on a full TLS handshake and on a resumed one, in memory, without a socket. The
// server's share runs in the same process and is left out by timing the client's steps alone.
#include "memory_server.hpp"

#include "tls/context.hpp"
#include "tls/stream.hpp"

#include <time.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace {

double thread_cpu_us() {
  timespec t{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return 1e6 * static_cast<double>(t.tv_sec) + 1e-3 * static_cast<double>(t.tv_nsec);
}

struct handshake {
  double client_us;
  bool resumed;
};

// Feeds the client what the server wrote, and the server what the client wrote, until both are done. The client's
// making and destruction belong to its cost.
handshake shake_hands(bench::memory_server const& server, std::shared_ptr<hvc::tls::context> const& context) {
  bench::memory_peer peer(server);
  double began = thread_cpu_us(), spent = 0;
  auto client = std::make_unique<hvc::tls::stream>(context);
  bool connected = false;
  std::string wire;
  for (int flight = 0; flight != 8; ++flight) {
    if (!connected) {
      auto const done = client->handshake();
      if (done == hvc::tls::io::failed || done == hvc::tls::io::closed)
        throw std::runtime_error("the handshake failed: " + client->take_failure().text);
      connected = done == hvc::tls::io::done;
    }
    if (connected && client->input_left()) { // the ticket
      char plaintext[64];
      std::size_t n = 0;
      (void)client->read(plaintext, n);
    }
    wire = client->output();
    client->consume_output(wire.size());
    spent += thread_cpu_us() - began;

    peer.feed(wire);
    wire = peer.take();
    began = thread_cpu_us();
    if (wire.empty() && connected)
      break;
    client->feed(wire);
  }
  bool const resumed = client->resumed();
  client.reset();
  spent += thread_cpu_us() - began;
  if (!connected)
    throw std::runtime_error("the handshake did not end");
  return {spent, resumed};
}

double median(std::vector<double> v) {
  std::nth_element(v.begin(), v.begin() + static_cast<std::ptrdiff_t>(v.size() / 2), v.end());
  return v[v.size() / 2];
}

void measure() {
  constexpr int rounds = 300;
  bench::memory_server const server;
  hvc::tls_options options;
  options.ca_pem(server.authority_pem());
  auto const make = [&options] { return hvc::tls::context::make(options, "127.0.0.1").value(); };
  auto const context = make();
  shake_hands(server, context); // brings the first session
  std::vector<double> full, resumed;
  for (int i = 0; i != rounds; ++i) {
    auto const without_session = make(); // not timed: a client reads its trust once
    handshake const first = shake_hands(server, without_session);
    handshake const again = shake_hands(server, context);
    if (first.resumed || !again.resumed)
      throw std::runtime_error("a handshake was resumed that should not have been, or the other way round");
    full.push_back(first.client_us);
    resumed.push_back(again.client_us);
  }
  std::printf("{\"full_us\":%.1f,\"resumed_us\":%.1f,\"ratio\":%.3f}\n", median(full), median(resumed),
              median(resumed) / median(full));
}

} // namespace

int main() {
  try {
    measure();
  } catch (std::exception const& e) {
    std::fprintf(stderr, "hvc-reconnect: %s\n", e.what());
    return 1;
  }
}
