// The server of a soak: a simulator on a thread of its own, which commits the faults the ledger deals, ends its
// sessions and restarts from time to time.
#pragma once

#include "ledger.hpp"

#include <hvc/simulator/simulator.hpp>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <atomic>
#include <filesystem>
#include <memory>
#include <mutex>
#include <thread>
#include <unordered_set>
#include <vector>

namespace hvc::soak {

class server {
public:
  static constexpr unsigned links = 50;
  static constexpr unsigned providers = 200;
  static constexpr char const* user = "soak";
  static constexpr char const* password = "not-to-be-seen-in-any-text";
  static constexpr char const* call_field = "x-request-id"; // the number of the call

  // `events`: how often, at most, the sessions end or the server restarts, in so many exchanges.
  server(ledger& l, std::uint64_t events, std::uint64_t exchanges, std::uint64_t seed);
  ~server();
  server(server const&) = delete;
  server& operator=(server const&) = delete;

  [[nodiscard]] std::string const& url() const noexcept { return url_; }
  [[nodiscard]] std::string const& ca_pem() const noexcept { return ca_pem_; }
  [[nodiscard]] std::uint64_t restarts() const noexcept { return restarts_; }
  [[nodiscard]] std::uint64_t expiries() const noexcept { return expiries_; }
  // Of all simulators there were, as soon as none is open, or after five seconds.
  [[nodiscard]] std::uint64_t open_connections() const;

private:
  void open();
  void restart();
  void come_back(std::chrono::steady_clock::time_point at_last);
  void tick();
  [[nodiscard]] std::optional<canned_reply> answer(simulated_request const& request, simulator& by);
  [[nodiscard]] canned_reply answer_about_session(simulated_request const& request);

  ledger& ledger_;
  std::uint64_t interval_;   // of exchanges between two events, at least
  std::uint64_t next_event_; // in so many exchanges
  std::filesystem::path pki_;
  simulator_options options_;
  std::string url_, ca_pem_;
  boost::asio::io_context context_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{context_.get_executor()};
  mutable std::mutex simulators_mutex_;                // of the vector: the server's thread makes it longer
  std::vector<std::unique_ptr<simulator>> simulators_; // the last one serves
  std::uint64_t exchanges_ = 0;                        // of the server's thread, and so the next two
  std::uint64_t logins_ = 0;
  std::unordered_set<std::string> sessions_;
  std::atomic<std::uint64_t> restarts_ = 0, expiries_ = 0;
  std::thread thread_;
};

} // namespace hvc::soak
