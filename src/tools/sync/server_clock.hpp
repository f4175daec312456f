// What time it is at a server, from what its replies said. Pure: the local time is an argument, and only its passing
// counts, so a local clock that is wrong does no harm.
#pragma once

#include <hvc/model.hpp>

#include <chrono>
#include <optional>

namespace hvc::tools {

class server_clock {
public:
  using local_time = std::chrono::steady_clock::time_point;

  /// A reply said that it is `date`.
  void heard(std::chrono::sys_seconds date, local_time now) noexcept { last_ = said{date, now}; }
  /// Nothing if no reply has said it.
  [[nodiscard]] std::optional<date_time> at(local_time now) const noexcept {
    if (!last_)
      return std::nullopt;
    return last_->date + std::chrono::floor<std::chrono::microseconds>(now - last_->when);
  }

private:
  struct said {
    std::chrono::sys_seconds date;
    local_time when;
  };
  std::optional<said> last_;
};

} // namespace hvc::tools
