// How many providers are asked about: the flags that sweep and check --all share.
#pragma once

#include "command_line.hpp"

namespace hvc::tools {

struct sweep_flags {
  double rate = 200; // questions a second, of each server; 0: no limit
  unsigned concurrency = 64;
};

/// Throws usage_error where one is no number, or none that can be.
[[nodiscard]] sweep_flags read_sweep_flags(command_line const& line);

} // namespace hvc::tools
