// A snapshot of what a client has done and holds.
#pragma once

#include <cstdint>

namespace hvc {

/// Counters since the client was made, and gauges of now. Plain numbers: a copy.
struct client_stats {
  std::uint64_t calls_started = 0; ///< of callers: logins and logouts are not counted here and in the next two
  std::uint64_t calls_succeeded = 0;
  std::uint64_t calls_failed = 0;
  std::uint64_t attempts = 0; ///< requests handed to a connection, logins and logouts included
  std::uint64_t replays = 0;  ///< of requests a stale connection lost
  std::uint64_t retries = 0;  ///< after back-off
  std::uint64_t logins = 0;
  std::uint64_t connections_opened = 0;
  std::uint64_t connections_resumed = 0; ///< of those opened, by TLS session resumption
  std::uint64_t connections_failed = 0;  ///< could not be opened
  unsigned connecting = 0;               ///< connections being opened
  unsigned idle = 0;                     ///< connections
  unsigned busy = 0;                     ///< connections with a call on them
  unsigned waiters = 0;                  ///< calls that wait for a connection
  unsigned retry_budget = 0;             ///< tokens left, see retry_options::budget
};

} // namespace hvc
