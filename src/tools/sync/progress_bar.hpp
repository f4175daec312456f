// Progress on standard error: on a terminal a line that is written over, elsewhere a line now and then.
#pragma once

#include "progress_line.hpp"

#include <chrono>

namespace hvc::tools {

class progress_bar {
public:
  progress_bar(canvas const& to, std::chrono::steady_clock::time_point now) noexcept : to_(to), next_(now + pause()) {}

  /// To be called often.
  void show(sweep_progress const& p, std::chrono::steady_clock::time_point now);
  /// Makes room for other lines on the same terminal.
  void hide();

private:
  [[nodiscard]] std::chrono::milliseconds pause() const noexcept {
    return std::chrono::milliseconds(to_.rewritable ? 100 : 10'000);
  }

  canvas const& to_;
  std::chrono::steady_clock::time_point next_;
  bool visible_ = false;
};

} // namespace hvc::tools
