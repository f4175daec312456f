// hvc-two-threads: how much more a client does with a second thread that runs its io_context, over the transport in
// memory: TLS and decoding on, one hop a request, no kernel and no server in it.
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

// A client of its own, so that what was sealed ahead is enough.
double measure(bench::memory_server const& server, std::string const& json, int threads) {
  boost::asio::io_context ioc(threads);
  bench::memory_client client(ioc.get_executor(), server, json, connections, 3 * requests / connections / 2);
  crowd c(client, ioc);
  c.ask(requests / 10, 1);
  return c.ask(requests, threads);
}

double median(std::vector<double> v) {
  std::nth_element(v.begin(), v.begin() + static_cast<std::ptrdiff_t>(v.size() / 2), v.end());
  return v[v.size() / 2];
}

void compare(std::string const& json) {
  bench::memory_server const server;
  std::vector<double> one, two, ratio;
  for (int i = 0; i != rounds; ++i) {
    one.push_back(measure(server, json, 1));
    two.push_back(measure(server, json, 2));
    ratio.push_back(two.back() / one.back());
  }
  std::printf("{\"one_thread_requests_per_second\":%.0f,\"two_threads_requests_per_second\":%.0f,\"ratio\":%.3f}\n",
              median(one), median(two), median(ratio));
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
