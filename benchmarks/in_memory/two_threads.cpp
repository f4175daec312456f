// hvc-two-threads: how much more a client does with a second thread that runs its io_context, over the transport in
// memory: TLS and decoding on, one hop a request, no kernel and no server in it. To judge that by: how much more bare
// exchanges do, which share the io_context only; how much more two clients do that share nothing; and how far from each
// other the cores are.
#include "bare_exchanges.hpp"
#include "cache_line.hpp"
#include "memory_client.hpp"

#include <boost/asio/io_context.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <exception>
#include <string>
#include <thread>
#include <vector>

namespace {

constexpr unsigned connections = 64;
constexpr int requests = 60'000;
constexpr int rounds = 7;
constexpr std::size_t sealed_ahead = 3 * requests / connections / 2; // enough, with what warms up

// As many questions at a time as there are connections, each from the handler of the one before.
class crowd {
public:
  crowd(boost::asio::io_context& ioc, bench::memory_server const& server, std::string const& json)
      : ioc_(ioc), client_(ioc.get_executor(), server, json, connections, sealed_ahead) {}

  void ask(int questions) {
    left_to_ask_ = left_to_answer_ = questions;
    for (unsigned i = 0; i != connections; ++i)
      next();
  }

private:
  void next() {
    if (left_to_ask_.fetch_sub(1, std::memory_order_relaxed) <= 0)
      return;
    client_.ask([this](hvc::result<hvc::sync_info>&& answer) {
      hvc::result<hvc::sync_info>(std::move(answer)).value(); // gone before the next question, as the bare one's
      if (left_to_answer_.fetch_sub(1, std::memory_order_relaxed) == 1)
        ioc_.stop();
      else
        next();
    });
  }

  boost::asio::io_context& ioc_;
  bench::memory_client client_;
  std::atomic<int> left_to_ask_ = 0, left_to_answer_ = 0;
};

struct bare : bench::bare_exchanges {
  bare(boost::asio::io_context& ioc, bench::memory_server const& server, std::string const& json)
      : bare_exchanges(ioc, server, json, connections, sealed_ahead) {}
};

// Warm, with an io_context of its own.
template <class Asking> class party {
public:
  party(bench::memory_server const& server, std::string const& json, int threads)
      : ioc_(threads), asking_(ioc_, server, json) {
    ask(requests / 10, 1);
  }

  /// Requests a second.
  double ask(int questions, int threads) {
    auto const began = std::chrono::steady_clock::now();
    asking_.ask(questions);
    ioc_.restart();
    {
      std::vector<std::jthread> others;
      for (int i = 1; i < threads; ++i)
        others.emplace_back([this] { ioc_.run(); });
      ioc_.run();
    }
    return questions / std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  }

private:
  boost::asio::io_context ioc_;
  Asking asking_;
};

template <class Asking> double together(bench::memory_server const& server, std::string const& json, int threads) {
  return party<Asking>(server, json, threads).ask(requests, threads);
}

double apart(bench::memory_server const& server, std::string const& json) {
  party<crowd> here(server, json, 1), there(server, json, 1);
  auto const began = std::chrono::steady_clock::now();
  {
    std::jthread const other([&] { there.ask(requests, 1); });
    here.ask(requests, 1);
  }
  return 2 * requests / std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
}

double median(std::vector<double> v) {
  std::nth_element(v.begin(), v.begin() + static_cast<std::ptrdiff_t>(v.size() / 2), v.end());
  return v[v.size() / 2];
}

void compare(std::string const& json) {
  bench::memory_server const server;
  std::vector<double> one, two, ratio, ratio_bare, ratio_apart, distance;
  for (int i = 0; i != rounds; ++i) {
    distance.push_back(bench::cache_line_round_trip());
    one.push_back(together<crowd>(server, json, 1));
    two.push_back(together<crowd>(server, json, 2));
    ratio.push_back(two.back() / one.back());
    ratio_bare.push_back(together<bare>(server, json, 2) / together<bare>(server, json, 1));
    ratio_apart.push_back(apart(server, json) / one.back());
  }
  auto const [lowest, highest] = std::minmax_element(ratio.begin(), ratio.end());
  std::printf("{\"one_thread_requests_per_second\":%.0f,\"two_threads_requests_per_second\":%.0f,\"ratio\":%.3f,"
              "\"lowest\":%.3f,\"highest\":%.3f,\"ratio_of_bare_exchanges\":%.3f,"
              "\"ratio_of_two_clients_apart\":%.3f,\"cache_line_round_trip_ns\":%.0f}\n",
              median(one), median(two), median(ratio), *lowest, *highest, median(ratio_bare), median(ratio_apart),
              median(distance));
}

} // namespace

int main(int argc, char** argv) {
  if (argc != 2 || argv[1][0] == '-') {
    std::fputs("usage: hvc-two-threads REPLY_FILE (such as benchmarks/reply-1.2k.json); takes a minute\n", stderr);
    return 2;
  }
  if (std::thread::hardware_concurrency() < 2) {
    std::fputs("hvc-two-threads: needs two cores\n", stderr);
    return 1;
  }
  try {
    compare(bench::text_of(argv[1]));
  } catch (std::exception const& e) {
    std::fprintf(stderr, "hvc-two-threads: %s\n", e.what());
    return 1;
  }
}
