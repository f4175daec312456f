// Randomness for jitter: repeatable from a seed (SplitMix64). Not for secrets.
#pragma once

#include <cstdint>

namespace hvc::dispatch {

class prng {
public:
  explicit prng(std::uint64_t seed) noexcept : state_(seed) {}
  std::uint64_t operator()() noexcept {
    std::uint64_t z = state_ += 0x9e3779b97f4a7c15;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
  }

private:
  std::uint64_t state_;
};

} // namespace hvc::dispatch
