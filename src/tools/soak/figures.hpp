// The figures of a soak: plain counts. No containers but for the explanations, so that figures hold no allocations
// where nothing was wrong.
#pragma once

#include <hvc/stats.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

namespace hvc::soak {

constexpr std::size_t most_faults = 96;
constexpr std::size_t error_kinds = 32;

struct figures {
  std::uint64_t requests = 0;
  std::uint64_t ended = 0;
  std::uint64_t ended_twice = 0;
  std::uint64_t succeeded = 0;
  std::uint64_t failed = 0;
  std::uint64_t wrong = 0;      // answers to another question
  std::uint64_t unexpected = 0; // failures and successes that nothing explains
  std::uint64_t repeated = 0;   // commands the server got twice
  std::uint64_t doubtful = 0;   // commands the server got, that failed without a reply and without saying so
  std::uint64_t exchanges = 0;  // requests at the server, logins not counted
  std::uint64_t faulty_exchanges = 0;
  std::uint64_t handshakes_spoiled = 0;             // planned
  std::uint64_t recoverable = 0;                    // calls that met faults, all of them recoverable
  std::uint64_t recovered = 0;                      // of those, successes
  std::uint64_t away = 0;                           // failures because the server restarted just then
  std::array<std::uint64_t, most_faults> met{};     // of faults_of_exchanges()
  std::array<std::uint64_t, most_faults> planned{}; // of faults_of_handshakes()
  std::array<std::uint64_t, error_kinds> ended_with{};
  std::array<std::uint64_t, error_kinds> of_handshakes{};           // of those, what a spoiled handshake explains
  std::array<std::uint64_t, error_kinds> met_by_logins{};           // that failed
  std::array<std::uint64_t, error_kinds> met_by_connections{};      // why connections were lost, or not opened
  std::chrono::nanoseconds latest{std::chrono::nanoseconds::min()}; // after its deadline; negative: before

  // Of the client, the server and the process
  client_stats client;
  std::uint64_t restarts = 0;
  std::uint64_t expiries = 0;
  unsigned lowest_budget = 0;
  bool hung = false;
  std::uint64_t open_connections = 0; // at the server, after close
  std::int64_t sockets = 0;           // more than before
  std::int64_t allocations = 0;       // more than before
  std::chrono::duration<double> took{};

  std::vector<std::string> explanations; // of the first things that were wrong

  [[nodiscard]] double amplification() const noexcept {
    return requests == 0 ? 1 : 1 + static_cast<double>(client.retries) / static_cast<double>(requests);
  }
  [[nodiscard]] double recovery() const noexcept {
    return recoverable == 0 ? 1 : static_cast<double>(recovered) / static_cast<double>(recoverable);
  }
};

} // namespace hvc::soak
