// What hvc-bench was asked to do: its command line, as values.
#pragma once

#include <hvc/options.hpp>

#include <cstdint>
#include <optional>
#include <string>

struct settings {
  hvc::client_options client;
  std::string link, provider; ///< `{n}` in them counts 0 .. ids - 1
  std::uint64_t ids = 1;
  unsigned connections = 16;
  unsigned concurrency = 16; ///< calls under way at once
  unsigned threads = 1;
  std::uint64_t requests = 100'000;
  std::uint64_t warmup = 0;
  std::optional<std::uint64_t> rate; ///< intended starts a second; none: as fast as replies come
  bool json = false;
  bool details = false;
  bool hash = false;
};

/// Throws bench::usage_error and hvc::tools::usage_error. `--help` prints the usage and exits.
[[nodiscard]] settings parse_settings(int argc, char** argv);
