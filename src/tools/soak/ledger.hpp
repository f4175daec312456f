// What every call of a soak met at the server, and what it was answered: judges each call when it ends. Told by the
// server's thread and the client's threads; knows neither.
#pragma once

#include "faults.hpp"
#include "figures.hpp"

#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace hvc::soak {

// What a call wants, fixed by seed and number.
enum class temper : std::uint8_t {
  patient,
  hurried,   // has a deadline of some milliseconds
  fickle,    // is cancelled after some milliseconds
  commanding // starts a sync: sent once
};

class ledger {
public:
  using clock = std::chrono::steady_clock;

  ledger(std::uint64_t requests, unsigned concurrency, std::uint64_t seed, double share_of_faults);

  [[nodiscard]] temper temper_of(std::uint64_t call) const noexcept;

  // A request of this call reached the server, with a session that lives or not: the fault to commit.
  [[nodiscard]] fault const* arrived(std::uint64_t call, bool with_session);
  // Whether it is time for the next handshake to fail, and how.
  [[nodiscard]] fault const* next_handshake();
  // The server is away, or back.
  void went_away();
  void came_back();
  void login_arrived();
  // Whether the client has got over what happened to its sessions: the last one held for a call, and the budget of
  // retries is full. Sessions that end before that, one after the other, are a server beyond recovery, and stop the
  // client's logins for a minute.
  [[nodiscard]] bool settled() const;

  // The call ended. `wrong`: what it was answered, if that is the answer to another question.
  void answered(std::uint64_t call, std::chrono::nanoseconds too_late, std::string const& wrong);
  void failed(std::uint64_t call, std::chrono::nanoseconds too_late, error const& e);

  [[nodiscard]] std::uint64_t ended() const;
  // What was counted so far, and what was wrong with it.
  [[nodiscard]] figures count() const;

private:
  struct record {
    std::uint8_t exchanges = 0;
    std::uint8_t rejections = 0; // 401
    std::uint8_t ends = 0;
    bool answered = false; // with nothing that ends the call
    bool anonymously = false;
    bool met_a_recoverable = false;
    bool met_an_end = false;
    std::uint8_t last_end = 0; // a number of faults_of_exchanges()
  };
  static constexpr std::size_t most_explanations = 20;

  void end(std::uint64_t call, std::chrono::nanoseconds too_late);
  void judge_failure(std::uint64_t call, record const& r, error const& e);
  [[nodiscard]] bool of_a_handshake(error const& e);
  [[nodiscard]] bool of_an_absence(error const& e) const;
  void explain(std::uint64_t call, std::string_view what, error const* e = nullptr);

  std::uint64_t seed_;
  double share_;
  unsigned concurrency_;     // the calls under way, at most
  mutable std::mutex mutex_; // of the rest
  std::vector<record> records_;
  deck exchanges_;
  deck handshakes_;
  double handshakes_due_ = 0;
  bool away_ = false;
  std::uint64_t successes_since_login_ = 0;
  unsigned tokens_missing_ = 0;                               // of the budget, at most, since the last absence
  clock::time_point recovered_at_ = clock::time_point::min(); // when there were none any more
  figures figures_;
};

} // namespace hvc::soak
