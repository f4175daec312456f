// What a client does: the time at its server, and with --verbose all that happens, line by line on standard error.
#pragma once

#include "server_clock.hpp"

#include <hvc/observer.hpp>
#include <hvc/stats.hpp>

#include <string>

namespace hvc::tools {

class event_log : public observer {
public:
  /// `server` stands in front of every line, where there are several.
  event_log(bool verbose, std::string server) : verbose_(verbose), server_(std::move(server)) {}

  void connection_opened(bool resumed) override;
  void connection_closed(error const* why) override;
  void replied(int http_status, std::optional<std::chrono::sys_seconds> date) override;
  void retrying(std::string_view target, error const& cause, std::chrono::milliseconds delay) override;
  void login_finished(error const* failed) override;
  /// The last line: what it took.
  void finished(client_stats const& s) const;
  /// What time it is at the server: nothing if no reply has told.
  [[nodiscard]] std::optional<date_time> server_time() const noexcept {
    return clock_.at(std::chrono::steady_clock::now());
  }

private:
  void line(std::string_view text) const;

  bool const verbose_;
  std::string const server_;
  server_clock clock_;
  std::chrono::steady_clock::time_point const start_ = std::chrono::steady_clock::now();
};

} // namespace hvc::tools
