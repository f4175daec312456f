// What a client does, line by line on standard error: --verbose.
#pragma once

#include <hvc/observer.hpp>
#include <hvc/stats.hpp>

namespace hvc::tools {

class event_log : public observer {
public:
  void connection_opened(bool resumed) override;
  void connection_closed(error const* why) override;
  void retrying(error const& cause, std::chrono::milliseconds delay) override;
  void login_finished(error const* failed) override;
  /// The last line: what it took.
  void finished(client_stats const& s) const;

private:
  void line(std::string_view text) const;

  std::chrono::steady_clock::time_point const start_ = std::chrono::steady_clock::now();
};

} // namespace hvc::tools
