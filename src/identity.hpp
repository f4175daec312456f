// Who the client is to the server: its credentials, and the header lines that say so. Knows no lock and no request.
#pragma once

#include "dispatch/authentication.hpp"
#include "session/secret.hpp"

#include <hvc/credentials.hpp>

#include <array>
#include <memory>
#include <optional>
#include <string_view>

namespace hvc {

class identity {
public:
  explicit identity(hvc::credentials c);
  identity() : identity(no_credentials()) {}
  identity(identity&&) noexcept = default;
  identity& operator=(identity&&) noexcept = default;

  // Shared with who asks a source of theirs meanwhile.
  [[nodiscard]] std::shared_ptr<hvc::credentials const> const& credentials() const noexcept { return credentials_; }
  [[nodiscard]] dispatch::authentication authentication() const noexcept { return authentication_; }
  // "Authorization: Basic ...", of user_password.
  [[nodiscard]] std::string_view basic_line() const noexcept { return basic_.text(); }
  // "vmware-api-session-id: ...", of the session, or of the ready-made token.
  [[nodiscard]] std::string_view session_line() const noexcept { return session_.text(); }
  [[nodiscard]] std::string_view token() const noexcept;
  void assign_token(std::string_view token);
  void forget_token() noexcept { session_.assign({}); }
  // What no text may hold.
  using secret_texts = std::array<std::string_view, 3>;
  [[nodiscard]] secret_texts secrets() const noexcept;

private:
  std::shared_ptr<hvc::credentials const> credentials_;
  dispatch::authentication authentication_;
  session::secret basic_;
  session::secret session_;
};

// What was secret before: who was told it may tell it us later. The last few: no call outlives so many.
class former_secrets {
public:
  static constexpr std::size_t most = 16;

  void add(std::string_view text);
  [[nodiscard]] std::array<session::secret, most> const& all() const noexcept { return kept_; }

private:
  std::array<session::secret, most> kept_; // the oldest is at next_
  std::size_t next_ = 0;
};

// Of a header line: what stands behind its name and, if there is one, its scheme.
[[nodiscard]] std::string_view credentials_in(std::string_view line) noexcept;
// The next quoted text, taken off the front; nothing if there is none. `SIGN token="...", signature="..."`
[[nodiscard]] std::optional<std::string_view> take_quoted(std::string_view& value) noexcept;

} // namespace hvc
