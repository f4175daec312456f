// hvc-idle-memory: what an idle pooled connection keeps resident. Keeps as many questions under way as connections are
// asked for until all of those are open, waits until they are idle, and divides the growth of the resident set, and of
// what the allocator has handed out, by their number.
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

double heap_kb() { return static_cast<double>(::mallinfo2().uordblks + ::mallinfo2().hblkhd) / 1024; }

// Keeps so many questions under way until as many connections are open.
class crowd {
public:
  crowd(boost::asio::io_context& ioc, hvc::client& client) : ioc_(ioc), client_(client), timer_(ioc) {}

  // Returns when all questions are answered and `settle` has passed.
  void open(unsigned connections, std::chrono::milliseconds settle) {
    wanted_ = under_way_ = connections;
    settle_ = settle;
    for (unsigned i = 0; i != connections; ++i)
      ask();
    ioc_.restart();
    ioc_.run();
  }

private:
  void ask() {
    client_.get_provider_sync("7f3c", "vsphere.local", [this](hvc::result<hvc::sync_info> const& r) { answered(r); });
  }
  void answered(hvc::result<hvc::sync_info> const& r) {
    r.value();
    if (hvc::client_stats const now = client_.stats(); now.idle + now.busy < wanted_)
      return ask();
    if (--under_way_ != 0)
      return;
    timer_.expires_after(settle_);
    timer_.async_wait([this](boost::system::error_code) { ioc_.stop(); });
  }

  boost::asio::io_context& ioc_;
  hvc::client& client_;
  boost::asio::steady_timer timer_;
  unsigned wanted_ = 0, under_way_ = 0;
  std::chrono::milliseconds settle_{};
};

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

  crowd c(ioc, client);

  c.open(1, std::chrono::milliseconds(50)); // what the first connection brings for all
  double const before = resident_kb(), heap_before = heap_kb();
  c.open(connections + 1, std::chrono::milliseconds(500));
  double const held = resident_kb() - before, heap = heap_kb() - heap_before;
  ::malloc_trim(0); // what the allocator merely keeps for later is not the connections'
  double const trimmed = resident_kb() - before;
  unsigned const opened = client.stats().idle - 1;
  std::printf("{\"connections\":%u,\"kb_per_connection\":%.2f,\"kb_per_connection_after_malloc_trim\":%.2f,"
              "\"heap_kb_per_connection\":%.2f}\n",
              opened, held / opened, trimmed / opened, heap / opened);
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
