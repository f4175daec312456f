// hvc-idle-memory: what an idle pooled connection keeps resident. Opens as many connections as asked for by asking as
// many questions at once, waits until all are idle, and divides the growth of the resident set by their number.
#include "command_line.hpp"

#include <hvc/client.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <malloc.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <exception>
#include <fstream>
#include <string>

namespace {

constexpr bench::flag flags[] = {{"server"}, {"ca-file"}, {"connections"}};

double resident_kb() {
  std::ifstream statm("/proc/self/statm");
  long pages = 0;
  statm >> pages >> pages; // the second field
  return static_cast<double>(pages) * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1024;
}

// Asks `n` questions at once and returns when all are answered and `settle` has passed.
void ask_at_once(boost::asio::io_context& ioc, hvc::client& client, unsigned n, std::chrono::milliseconds settle) {
  boost::asio::steady_timer timer(ioc);
  unsigned left = n;
  for (unsigned i = 0; i != n; ++i)
    client.get_provider_sync("7f3c", "vsphere.local", [&](hvc::result<hvc::sync_info> r) {
      r.value();
      if (--left != 0)
        return;
      timer.expires_after(settle);
      timer.async_wait([&ioc](boost::system::error_code) { ioc.stop(); });
    });
  ioc.restart();
  ioc.run();
}

int measure(bench::command_line const& line) {
  auto const connections = static_cast<unsigned>(line.number("connections", 1000, 1));
  hvc::client_options o;
  o.server(line.required("server")).deadline(std::chrono::minutes(1));
  o.tls().ca_file(line.required("ca-file"));
  o.pool().max_connections = connections + 1;
  o.pool().max_waiters = connections + 1;
  o.timeouts().attempt = std::chrono::minutes(1); // a thousand handshakes on one core take their time
  o.timeouts().handshake = std::chrono::minutes(1);
  o.timeouts().connect = std::chrono::minutes(1);
  boost::asio::io_context ioc(1);
  hvc::client client(ioc.get_executor(), std::move(o));

  ask_at_once(ioc, client, 1, std::chrono::milliseconds(50)); // what the first connection brings for all
  double const before = resident_kb();
  unsigned const had = client.stats().idle;
  ask_at_once(ioc, client, connections, std::chrono::milliseconds(500));
  double const held = resident_kb() - before;
  ::malloc_trim(0); // what the allocator merely keeps for later is not the connections'
  double const trimmed = resident_kb() - before;
  unsigned const opened = client.stats().idle - had;
  std::printf("{\"connections\":%u,\"kb_per_connection\":%.2f,\"kb_per_connection_after_malloc_trim\":%.2f}\n", opened,
              held / opened, trimmed / opened);
  return opened != 0 ? 0 : 1;
}

} // namespace

int main(int argc, char** argv) {
  try {
    return measure(bench::command_line(argc, argv, flags));
  } catch (std::exception const& e) {
    std::fprintf(stderr, "hvc-idle-memory: %s\n", e.what());
    return 2;
  }
}
