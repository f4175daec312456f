// One soak: a client, a server and the calls between them.
#pragma once

#include "figures.hpp"

#include <chrono>
#include <cstdint>

namespace hvc::soak {

struct settings {
  std::uint64_t requests = 200'000;
  std::uint64_t seed = 1;
  double share_of_faults = 0.1; // of exchanges
  unsigned concurrency = 256;
  unsigned connections = 48;
  unsigned threads = 2; // of the client
  unsigned attempts = 5;
  std::uint64_t events = 20; // at most so many ends of all sessions, and restarts, in turn
  std::chrono::milliseconds deadline{8'000};
  std::chrono::milliseconds attempt{1'000};
  std::chrono::milliseconds handshake{2'000};
  bool progress = false; // on standard error
};

[[nodiscard]] figures run(settings const& s);

} // namespace hvc::soak
