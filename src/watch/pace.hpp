// How long to rest between two polls of one provider. Pure: no clock, randomness from a seed.
#pragma once

#include "dispatch/prng.hpp"

#include <hvc/model.hpp>
#include <hvc/result.hpp>

#include <chrono>
#include <cstdint>
#include <optional>

namespace hvc::watching {

// After an Info: the interval asked for, or else the one the server says, but at least 10 s. After failures one after
// the other: twice as long each time, up to a minute, where the interval is less than that; and what Retry-After asks.
// Always up to a tenth longer, so that many watches do not march in step, and never shorter.
class pace {
public:
  pace(std::optional<std::chrono::milliseconds> interval, std::uint64_t seed) noexcept
      : asked_(interval), random_(seed) {}
  std::chrono::milliseconds after(result<sync_info> const& answer) noexcept;

private:
  [[nodiscard]] std::chrono::milliseconds interval() const noexcept;

  std::optional<std::chrono::milliseconds> asked_;
  std::int64_t said_ = 0; // by the server, in seconds
  unsigned failures_ = 0; // one after the other
  dispatch::prng random_;
};

} // namespace hvc::watching
