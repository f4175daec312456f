// Who the client is to the server: a user, a ready-made session, or a source of one's own.
#pragma once

#include <boost/asio/any_completion_handler.hpp>

#include <exception>
#include <functional>
#include <string>
#include <utility>
#include <variant>

namespace hvc {

/// No authentication header at all.
struct no_credentials {};

/// Logs in with `POST /api/session` (Basic) when the first call needs it, again after a 401, and logs out on close. The
/// password is kept in memory that is zeroised when freed, and is in no text this library produces; one of less than
/// four bytes cannot be told from other text that a server sends, and is left there. A user that is empty or holds a
/// colon (RFC 7617) is refused where the client is made.
class user_password {
public:
  user_password(std::string user, std::string password) : user_(std::move(user)), password_(std::move(password)) {}
  user_password(user_password const&) = default;
  user_password& operator=(user_password const&) = default;
  ~user_password();
  [[nodiscard]] std::string const& user() const noexcept { return user_; }
  [[nodiscard]] std::string const& password() const noexcept { return password_; }

private:
  std::string user_, password_;
};

/// A session somebody else made, sent as `vmware-api-session-id`. Never logged in again and never logged out: a 401 is
/// an error of kind standard. A token that is no field value (RFC 9110, section 5.5) of 1 to 4,096 bytes is refused
/// where the client is made.
class session_token {
public:
  explicit session_token(std::string token) : token_(std::move(token)) {}
  session_token(session_token const&) = default;
  session_token& operator=(session_token const&) = default;
  ~session_token();
  [[nodiscard]] std::string const& token() const noexcept { return token_; }

private:
  std::string token_;
};

/// An asynchronous source of the value of the Authorization header (`Bearer ...`, `SIGN token="..."`).
///
/// The function is called with no lock held, on any thread that runs the client's executor, and hands the value over by
/// calling its argument once, from anywhere, at once or later, while the io_context lives; an hvc::exception, handed
/// over or thrown, ends the call with its error, and any other, or a value that is no field value (RFC 9110,
/// section 5.5), with auth(no_session). It may use the client itself. The call's deadline bounds it. The argument fits
/// co_spawn: `authorization_source{use::login, [ex](auto done) { co_spawn(ex, fetch_token(), std::move(done)); }}`.
class authorization_source {
public:
  /// login: asked for each POST /api/session. every_request: asked for each request, and there is no session.
  enum class use { login, every_request };
  using completion = boost::asio::any_completion_handler<void(std::exception_ptr, std::string)>;
  using function = std::function<void(completion)>;

  authorization_source(use when, function ask) : when_(when), ask_(std::move(ask)) {}
  [[nodiscard]] use when() const noexcept { return when_; }
  [[nodiscard]] function const& ask() const noexcept { return ask_; }

private:
  use when_;
  function ask_;
};

/// A session that somebody else makes and renews, shared by clients or processes: an asynchronous source of its token,
/// sent as `vmware-api-session-id`.
///
/// Asked when a call needs a session and there is none, on behalf of all calls that do; called, and answered, as an
/// authorization_source is. `rejected` is the token the server no longer accepted, empty at first: a source that holds
/// a newer one by then hands that over. A token is what session_token takes; any other ends the calls with
/// auth(no_session). The client never logs such a session out.
class session_source {
public:
  using completion = authorization_source::completion;
  using function = std::function<void(std::string rejected, completion)>;

  explicit session_source(function ask) : ask_(std::move(ask)) {}
  [[nodiscard]] function const& ask() const noexcept { return ask_; }

private:
  function ask_;
};

using credentials = std::variant<no_credentials, user_password, session_token, authorization_source, session_source>;

} // namespace hvc
