// Who the client is to the server: its credentials, and the header lines that say so. Knows no lock and no request.
#pragma once

#include "dispatch/authentication.hpp"
#include "session/secret.hpp"

#include <hvc/credentials.hpp>

#include <array>
#include <memory>
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
  [[nodiscard]] std::array<std::string_view, 3> secrets() const noexcept;

private:
  std::shared_ptr<hvc::credentials const> credentials_;
  dispatch::authentication authentication_;
  session::secret basic_;
  session::secret session_;
};

// Of a header line: what stands behind its name and, if there is one, its scheme.
[[nodiscard]] std::string_view credentials_in(std::string_view line) noexcept;

} // namespace hvc
