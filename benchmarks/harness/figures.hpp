// What a run cost, and how it is told: the JSON that hvc-bench and every peer print.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace bench {

struct figures {
  std::uint64_t requests = 0;
  std::uint64_t errors = 0;
  std::uint64_t wrong = 0; ///< replies that do not belong to their question
  double seconds = 0;
  double requests_per_second = 0;
  double cpu_us_per_request = 0; ///< user and system time of the client
  double p50_us = 0;
  double p99_us = 0;
  double p999_us = 0;
  double allocations_per_request = 0;
  long peak_rss_kb = 0;
  std::uint64_t connections_opened = 0;
  std::uint64_t retries = 0;
  // Told only where asked for:
  std::optional<double> openssl_allocations_per_request; ///< part of the above
  std::optional<std::string> hash;                       ///< of all decoded values: see value_hash.hpp
};

[[nodiscard]] std::string to_json(figures const&); ///< one line
[[nodiscard]] std::string to_table(figures const&);

/// User and system time of this process so far, in microseconds.
[[nodiscard]] double process_cpu_us() noexcept;
[[nodiscard]] long process_peak_rss_kb() noexcept;

} // namespace bench
