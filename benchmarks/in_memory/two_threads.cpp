// hvc-two-threads: how much more a client does with a second thread that runs its io_context, over the transport in
// memory: TLS and decoding on, one hop a request, no kernel and no server in it. And how much more two clients do that
// share nothing: what the machine has to give.
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

// As many questions at a time as there are connections, each from the handler of the one before.
class crowd {
public:
  crowd(bench::memory_client& client, boost::asio::io_context& ioc) : client_(client), ioc_(ioc) {}

  /// Requests a second.
  double ask(int questions, int threads) {
    left_to_ask_ = left_to_answer_ = questions;
    auto const began = std::chrono::steady_clock::now();
    for (unsigned i = 0; i != connections; ++i)
      next();
    ioc_.restart();
    std::vector<std::jthread> others;
    for (int i = 1; i < threads; ++i)
      others.emplace_back([this] { ioc_.run(); });
    ioc_.run();
    others.clear();
    return questions / std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  }

private:
  void next() {
    if (left_to_ask_.fetch_sub(1, std::memory_order_relaxed) <= 0)
      return;
    client_.ask([this](hvc::result<hvc::sync_info> const& answer) {
      answer.value();
      if (left_to_answer_.fetch_sub(1, std::memory_order_relaxed) == 1)
        ioc_.stop();
      else
        next();
    });
  }

  bench::memory_client& client_;
  boost::asio::io_context& ioc_;
  std::atomic<int> left_to_ask_ = 0, left_to_answer_ = 0;
};

// Warm, with a client and an io_context of its own, so that what was sealed ahead is enough.
struct party {
  party(bench::memory_server const& server, std::string const& json, int threads)
      : ioc(threads), client(ioc.get_executor(), server, json, connections, 3 * requests / connections / 2),
        its(client, ioc) {
    its.ask(requests / 10, 1);
  }
  boost::asio::io_context ioc;
  bench::memory_client client;
  crowd its;
};

double together(bench::memory_server const& server, std::string const& json, int threads) {
  return party(server, json, threads).its.ask(requests, threads);
}

double apart(bench::memory_server const& server, std::string const& json) {
  party here(server, json, 1), there(server, json, 1);
  auto const began = std::chrono::steady_clock::now();
  {
    std::jthread const other([&] { there.its.ask(requests, 1); });
    here.its.ask(requests, 1);
  }
  return 2 * requests / std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
}

double median(std::vector<double> v) {
  std::nth_element(v.begin(), v.begin() + static_cast<std::ptrdiff_t>(v.size() / 2), v.end());
  return v[v.size() / 2];
}

void compare(std::string const& json) {
  bench::memory_server const server;
  std::vector<double> one, two, ratio, ratio_apart;
  for (int i = 0; i != rounds; ++i) {
    one.push_back(together(server, json, 1));
    two.push_back(together(server, json, 2));
    ratio.push_back(two.back() / one.back());
    ratio_apart.push_back(apart(server, json) / one.back());
  }
  std::printf("{\"one_thread_requests_per_second\":%.0f,\"two_threads_requests_per_second\":%.0f,\"ratio\":%.3f,"
              "\"ratio_of_two_clients_apart\":%.3f}\n",
              median(one), median(two), median(ratio), median(ratio_apart));
}

} // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: hvc-two-threads REPLY_FILE\n", stderr);
    return 2;
  }
  try {
    compare(bench::text_of(argv[1]));
  } catch (std::exception const& e) {
    std::fprintf(stderr, "hvc-two-threads: %s\n", e.what());
    return 1;
  }
}
