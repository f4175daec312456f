// hvc::simulator: a vCenter that speaks the hybrid-link API over real TLS, inside the process of a test. It makes its
// own certificate authority, holds links and providers, and errs on demand. For tests only: it guards nothing.
#pragma once

#include <hvc/simulator/exchange.hpp>
#include <hvc/simulator/options.hpp>
#include <hvc/standard_error.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <functional>
#include <limits>
#include <memory>
#include <span>

namespace hvc {

/// A fault the simulator knows.
struct simulated_fault {
  std::string_view word;        ///< "truncate"
  std::string_view rows;        ///< of the project's fault catalogue, separated by spaces: "H1"
  std::string_view description; ///< one line
  bool of_handshake = false;    ///< befalls connections, not exchanges
};

/// A server for tests. It listens when the constructor returns.
///
/// What it serves: `POST`, `GET` and `DELETE /api/session`; under `/api/hvc`: the links, a link's health, its
/// providers, a provider's sync, `?action=start` and `?action=reset`. Its ids are deterministic, and every Info names
/// its link and provider in `status_message.args`, so that a client can check that each answer belongs to its question.
/// The provider `error-NOT_FOUND` of any link fails with that standard error, and so do those of the other 24.
///
/// Thread-safety: every member may be called from any thread, also from the on_request function, except the constructor
/// and destructor, and stop() where it says so.
class simulator {
public:
  static constexpr unsigned forever = std::numeric_limits<unsigned>::max();

  /// Runs on threads of its own. Throws std::invalid_argument for impossible options, std::runtime_error (of which
  /// boost::system::system_error is one) where it cannot listen or has no certificate.
  explicit simulator(simulator_options options = simulator_options());
  /// Runs on the executor of the user, who runs it, and whose context outlives the simulator. Destroy the simulator
  /// there, or when it no longer runs.
  simulator(boost::asio::any_io_executor executor, simulator_options options);
  /// Stops.
  ~simulator();
  /// One that was moved from may only be destroyed or assigned to.
  simulator(simulator&&) noexcept;
  simulator& operator=(simulator&&) noexcept;

  /// "https://127.0.0.1:PORT".
  [[nodiscard]] std::string const& server() const noexcept;
  /// The authority a client must trust.
  [[nodiscard]] std::string const& ca_pem() const noexcept;
  /// Of the server's certificate, as a pin is written: "AB:CD:...".
  [[nodiscard]] std::string const& certificate_sha256() const noexcept;
  /// Closes: no new connection, idle ones close, the reply under way is sent, and after half a second nothing is left.
  /// With threads of its own it waits for that; not to be called from the on_request function then. Idempotent.
  void stop();

  // Counters since the start, and gauges.
  [[nodiscard]] std::uint64_t requests() const noexcept; ///< read completely
  [[nodiscard]] std::uint64_t logins() const noexcept;   ///< that succeeded
  [[nodiscard]] std::uint64_t logouts() const noexcept;  ///< the same
  [[nodiscard]] std::uint64_t connections_accepted() const noexcept;
  [[nodiscard]] std::uint64_t open_connections() const noexcept;
  [[nodiscard]] unsigned live_sessions() const;
  /// Waits, without polling, until the condition holds; it is looked at again whenever a counter moves. Whether it held
  /// in time. The condition runs under a lock of the counters: it may read them, and no more of the simulator.
  /// `wait_until([&] { return s.open_connections() == 0; })`
  bool wait_until(std::function<bool()> const& condition,
                  std::chrono::milliseconds at_most = std::chrono::seconds(10)) const;

  // The script.
  /// From now on this provider answers so. Adds the link and the provider where they are new.
  void set_provider(std::string_view link, std::string_view provider, sync_info info);
  /// Answers "get provider sync" of this provider so, this many times; 0 takes an earlier reply back.
  void set_reply(std::string_view link, std::string_view provider, canned_reply reply, unsigned times = forever);
  /// Answers what has a session, where one is needed, and a known route under `/api/hvc` with this error, this many
  /// times; 0 takes an earlier one back. Status 0: the one the error's type has at a vCenter.
  void fail_with(standard_error error, int status = 0, unsigned times = forever);
  /// Asked first for every request, with no lock held, on a thread that serves: what it answers is sent, and where it
  /// answers nothing, or is empty, the simulator does. Whatever it throws is answered with a 500.
  void on_request(std::function<std::optional<canned_reply>(simulated_request const&)> answer);
  /// The next exchanges under `/api/hvc` (or, for a fault of the handshake, the next connections) meet this fault.
  /// Throws std::invalid_argument if there is none of this name.
  void fault_next(std::string_view kind, unsigned times = 1);
  /// Ends every session, as a restarted vCenter does.
  void expire_sessions();
  /// Changes the credentials; sessions live on.
  void set_credentials(std::string_view user, std::string_view password);

  /// All faults there are.
  [[nodiscard]] static std::span<simulated_fault const> faults();

private:
  class impl;
  std::unique_ptr<impl> impl_;
};

} // namespace hvc
