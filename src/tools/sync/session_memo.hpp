// What the file of --session-cache remembers of one user at one server: a session that may still hold, or a login that
// was refused. Pure: time and password are arguments.
#pragma once

#include <hvc/error.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace hvc::tools {

/// A login that the server refused.
struct login_refusal {
  std::chrono::sys_seconds when{};
  std::string salt{};   // of the digest, random digits
  std::string digest{}; // of the password that was refused: to know it again, not to know it
  int http_status = 0;
  std::string body{}; // the standard error, or what else the server said

  [[nodiscard]] static login_refusal of(error const& e, std::string_view password, std::string salt,
                                        std::chrono::sys_seconds now);
  [[nodiscard]] bool is_of(std::string_view password) const;
  /// The error as it was, and that nothing was sent this time.
  [[nodiscard]] error told_again(std::chrono::sys_seconds now) const;
};

struct session_memo {
  std::string server{};
  std::string user{};
  std::string token{}; // empty: there is none
  std::optional<login_refusal> refusal{};

  /// Of the file's text; nothing where that is no memo.
  [[nodiscard]] static std::optional<session_memo> parse(std::string_view text);
  /// However the server is written: with or without its port, or a slash behind it.
  [[nodiscard]] bool is_of(std::string_view server, std::string_view user) const;
  [[nodiscard]] std::string text() const;
};

/// For how long a refused password is not sent again: a vCenter locks an account after 5 failures in that time.
inline constexpr std::chrono::seconds refusal_memory{180};

enum class session_step { use_token, refuse, log_in };
/// What to do for who needs a session. `rejected`: the token that the server no longer accepts, empty if none was
/// tried.
[[nodiscard]] session_step next_step(session_memo const& memo, std::string_view rejected, std::string_view password,
                                     std::chrono::sys_seconds now);

} // namespace hvc::tools
