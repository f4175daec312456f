// What hvc-sync doctor finds, step by step, and its faces for a person and for a program. Pure.
#pragma once

#include "table.hpp"

#include <hvc/options.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace hvc::tools {

struct finding {
  enum class type { ok, notable, failed, skipped };

  std::string step;
  type result = type::ok;
  std::optional<std::chrono::microseconds> took{};
  std::string text{};         // one or more lines
  std::optional<error> why{}; // of failed
};

/// `ok       TLS          5 ms  TLSv1.3...`
[[nodiscard]] std::string finding_text(finding const& f, canvas const& to);
/// All of them, as an array.
[[nodiscard]] std::string findings_json(std::vector<finding> const& findings);

/// How the server's clock stands to this machine's. Notable where it is minutes off, for then certificates and ages
/// are.
[[nodiscard]] finding clock_finding(std::optional<date_time> at_server, date_time here);

} // namespace hvc::tools
