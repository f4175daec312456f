// What the peers written in C++ share: the question they are asked (the same flags for every peer) and the count of
// what they answered. Single-threaded, like the peers; knows no client library.
#pragma once

#include "figures.hpp"
#include "latencies.hpp"

#include <hvc/model.hpp>

#include <chrono>
#include <cstdint>
#include <string>

namespace bench {

/// The command line of a peer:
///   --server https://HOST:PORT --ca-file F --link L --provider P --connections C --requests N
///   [--warmup N] [--session-token-file F] [--hash]
struct peer_task {
  std::string url; ///< without a path
  std::string host, port;
  std::string ca_file;
  std::string path;
  std::string session_token;
  unsigned connections = 64;
  std::uint64_t requests = 0;
  std::uint64_t warmup = 0;
  bool hash = false;
};

/// Prints what is wrong and exits with 2 if the command line is.
[[nodiscard]] peer_task parse_peer_task(int argc, char** argv);

/// Counts replies. Measuring begins when the warm-up's last reply came and ends with the last reply of all.
class tally {
public:
  using clock = std::chrono::steady_clock;

  explicit tally(peer_task const& task);

  /// True if another request is to be sent; each call takes one from the rest.
  [[nodiscard]] bool take() noexcept;
  /// A reply came for the request sent at `sent`. Returns now, which is when the next request is sent.
  clock::time_point succeeded(clock::time_point sent, hvc::sync_info const* decoded = nullptr);
  clock::time_point failed(clock::time_point sent);
  void connection_opened() noexcept { ++figures_.connections_opened; }
  [[nodiscard]] bool complete() const noexcept { return done_ == all_; }

  /// Prints the JSON. The result is the program's exit status: 0 if any request succeeded.
  [[nodiscard]] int report();

private:
  clock::time_point count(clock::time_point sent);
  void begin(clock::time_point now);

  bool hash_;
  std::uint64_t warmup_;
  std::uint64_t all_;
  std::uint64_t taken_ = 0;
  std::uint64_t done_ = 0;
  std::uint64_t hash_sum_ = 0;
  std::int64_t seen_ = 0; // of every decoded value, so that no decoding can be left out by an optimiser
  figures figures_;
  latencies latencies_;
  clock::time_point began_, ended_;
  double cpu_began_ = 0, cpu_ended_ = 0;
  std::uint64_t allocations_began_ = 0, allocations_ended_ = 0;
};

} // namespace bench
