// What the tests with several threads share: an io_context run by a few, a count of what is still to come, and
// questions to ask.
#pragma once

#include "client_fixture.hpp"

#include <boost/asio/bind_executor.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/use_future.hpp>

#include <atomic>
#include <future>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace hvc::test {

// Races are ThreadSanitizer's business: under AddressSanitizer, where all takes longest, a fifth of a load will do.
constexpr unsigned load_of(unsigned n) noexcept { return HVC_FIFTH_OF_LOAD ? n / 5 : n; }

// An io_context run by several threads until it is told to end.
class engine {
public:
  explicit engine(unsigned threads) : work_(context.get_executor()) {
    for (unsigned i = 0; i < threads; ++i)
      threads_.emplace_back([this] { context.run(); });
  }
  engine(engine const&) = delete;
  engine& operator=(engine const&) = delete;
  ~engine() { finish(); }
  // Lets what is under way come to its end.
  void finish() {
    work_.reset();
    for (auto& t : threads_)
      if (t.joinable())
        t.join();
  }
  boost::asio::io_context context;

private:
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  std::vector<std::thread> threads_;
};

inline hvc::client_options options_for(hvc::simulator const& s) {
  hvc::client_options o;
  o.server(s.server()).seed(1);
  o.tls().ca_pem(s.ca_pem());
  o.retry().base = 1ms;
  o.pool().max_waiters = 100'000;
  o.deadline(240s);
  return o;
}

inline hvc::simulator_options with_user() {
  hvc::simulator_options o;
  o.links = 7;
  o.providers = 11;
  o.user = "me";
  o.password = "secret";
  return o;
}

class countdown {
public:
  explicit countdown(unsigned n) : left_(n) {}
  void one() {
    if (left_.fetch_sub(1) == 1)
      done_.set_value();
  }
  [[nodiscard]] bool wait() { return done_.get_future().wait_for(240s) == std::future_status::ready; }

private:
  std::atomic<unsigned> left_;
  std::promise<void> done_;
};

inline std::string link_of(unsigned n) { return "link-" + std::to_string(1 + n % 7); }
inline std::string provider_of(unsigned n) { return "provider-" + std::to_string(1 + n / 7 % 11); }

} // namespace hvc::test
