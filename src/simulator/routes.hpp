// Which operation a request asks for. Knows method and target, nothing of what the answer will be.
#pragma once

#include <string>
#include <string_view>

namespace hvc::simulation {

enum class operation {
  unknown,
  log_in,
  show_session,
  log_out,
  list_links,
  show_link_health,
  reset_link,
  list_providers,
  show_provider_sync,
  start_provider_sync
};

struct route {
  operation what = operation::unknown;
  std::string link;     // decoded
  std::string provider; // decoded
};

[[nodiscard]] route route_of(std::string_view method, std::string_view target);

// Whether the target lies under /api/hvc: what faults and failures befall.
[[nodiscard]] bool is_hvc(std::string_view target) noexcept;

} // namespace hvc::simulation
