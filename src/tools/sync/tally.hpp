// What a sweep comes to: how many of each status and of each error, the slowest, the latencies, the exit code. Of fixed
// size, whatever the number of answers. Pure.
#pragma once

#include "latencies.hpp"

#include <hvc/sweep_values.hpp>

#include <map>
#include <string>
#include <vector>

namespace hvc::tools {

/// `standard(NOT_FOUND)`, `connection_lost(before_headers)`: what errors are grouped by.
[[nodiscard]] std::string group_of(error const& e);
/// `server: link/provider`, or as much of it as there is.
[[nodiscard]] std::string name_of(std::string_view server, question const& q);

class tally {
public:
  using counts = std::map<std::string, std::uint64_t>;

  /// `server` is empty where there is one.
  void add(std::string_view server, swept const& s);

  [[nodiscard]] std::uint64_t count() const noexcept { return count_; }
  /// 0: all answered, and none FAILED; 1: some FAILED, or answered a standard error; else what went wrong, 3 before 4.
  [[nodiscard]] int exit_code() const noexcept;
  /// For a person: the sum, the groups, the slowest, the latencies.
  [[nodiscard]] std::string text(std::chrono::microseconds took, bool interrupted, canvas const& to) const;

private:
  struct slow_one {
    std::chrono::microseconds took;
    std::string name;
  };

  void note_slow(std::string_view server, swept const& s);

  std::uint64_t count_ = 0;
  counts statuses_;
  counts errors_;
  std::vector<slow_one> slowest_; // the slowest first
  latencies latencies_;           // of what the server answered
  int worst_ = 0;                 // exit code
};

} // namespace hvc::tools
