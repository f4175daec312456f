// The load: M loops, each one call at a time, over one hvc::client. The loops are callbacks: a small handler needs no
// frame, lives in one fixed block and may start on any thread. What a coroutine a loop would cost instead is not
// measured here.
#pragma once

#include "settings.hpp"

#include "figures.hpp"
#include "latencies.hpp"

#include <hvc/client.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

class load {
public:
  explicit load(settings const& s);
  ~load();
  load(load const&) = delete;
  load& operator=(load const&) = delete;

  /// Warms up, measures, closes. To be called once. A signal ends the run early: the figures are those of the requests
  /// answered until then, and no session is left at the server. The second signal ends the process.
  [[nodiscard]] bench::figures run();
  [[nodiscard]] bool interrupted() const noexcept { return interrupted_; }
  /// Of the first call that failed; empty if none did.
  [[nodiscard]] std::string const& first_error() const noexcept { return first_error_; }

private:
  using clock = std::chrono::steady_clock;
  class loop;

  struct question {
    std::string link, provider;
  };
  // What one thread has counted.
  struct tally {
    bench::latencies latencies;
    std::uint64_t errors = 0;
    std::uint64_t echoed = 0;     // replies that name the ids asked for
    std::uint64_t not_echoed = 0; // replies that do not
    std::uint64_t hash = 0;
    std::uint64_t allocations = 0;
    std::uint64_t openssl_allocations = 0;
  };

  void run_phase(std::uint64_t requests);
  void run_thread(tally& mine);
  void note(question const& asked, hvc::result<hvc::sync_info> const& answer);
  void end_at_signals();
  [[nodiscard]] bench::figures measure();
  void close();
  [[nodiscard]] bench::figures figures(double seconds, double cpu_us, hvc::client_stats const& before) const;

  settings const& settings_;
  std::vector<question> questions_;
  bool checks_echo_;
  boost::asio::io_context ioc_;
  boost::asio::signal_set signals_;
  std::atomic<bool> interrupted_{false};
  hvc::client client_;
  std::vector<std::unique_ptr<loop>> loops_;

  // Of the phase under way:
  std::uint64_t requests_ = 0;
  clock::time_point began_;
  std::atomic<std::uint64_t> taken_{0};
  std::atomic<std::uint64_t> loops_left_{0};
  std::vector<tally> tallies_;

  std::mutex error_mutex_;
  std::string first_error_;
};
