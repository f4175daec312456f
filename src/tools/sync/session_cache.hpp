// One session for many runs of the tool: --session-cache. Whoever needs a session looks into the file, and logs in only
// while the file is locked, so that a hundred processes started at once make one login.
#pragma once

#include <hvc/options.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <memory>
#include <string>

namespace hvc::tools {

class session_cache {
public:
  /// `login`: whose credentials, a user_password, are used where the file holds no session. Throws usage_error where
  /// the file cannot be used, or is another user's or server's.
  session_cache(client_options login, std::string path);

  /// Credentials that find their session in the file, and put it there.
  [[nodiscard]] credentials source(boost::asio::any_io_executor executor) const;
  /// A login goes on when nobody waits for it any more: the process had better wait for its session to be kept.
  [[nodiscard]] bool is_logging_in() const noexcept;

  struct state;

private:
  std::shared_ptr<state> state_;
};

} // namespace hvc::tools
