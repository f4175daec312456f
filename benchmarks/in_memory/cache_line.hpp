// How far the cores are from each other, as memory is concerned: what one writes and the other reads costs so much.
#pragma once

#include <atomic>
#include <chrono>
#include <thread>

namespace bench {

/// Nanoseconds for a cache line to go from one running thread to another and back; the mean of many.
inline double cache_line_round_trip() {
  constexpr int rounds = 200'000;
  std::atomic<int> turn = 0;
  auto const take_turns = [&turn](int first) {
    for (int i = first; i < 2 * rounds; i += 2) {
      while (turn.load(std::memory_order_acquire) != i) {
      }
      turn.store(i + 1, std::memory_order_release);
    }
  };
  auto const began = std::chrono::steady_clock::now();
  {
    std::jthread const other(take_turns, 1);
    take_turns(0);
  }
  return std::chrono::duration<double, std::nano>(std::chrono::steady_clock::now() - began).count() / rounds;
}

} // namespace bench
