#include "progress_bar.hpp"

#include <cstdio>

namespace hvc::tools {

void progress_bar::show(sweep_progress const& p, std::chrono::steady_clock::time_point now) {
  if (now < next_)
    return;
  next_ = now + pause();
  if (to_.rewritable) {
    std::fprintf(stderr, "\r%s\x1b[K", progress_line(p, to_).c_str());
    visible_ = true;
  } else {
    std::fprintf(stderr, "hvc-sync: %s\n", progress_text(p).c_str());
  }
  std::fflush(stderr);
}

void progress_bar::hide() {
  if (!visible_)
    return;
  std::fputs("\r\x1b[K", stderr);
  visible_ = false;
}

} // namespace hvc::tools
