// The texts of logging in: Basic credentials out, a session token back. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hvc::session {

// "Authorization: Basic ..." of RFC 7617. The user must hold no colon.
[[nodiscard]] std::string basic_line(std::string_view user, std::string_view password);

// Whether a token may be sent as a field's value: visible ASCII, 1 to 4,096 bytes.
[[nodiscard]] bool is_token(std::string_view text) noexcept;

// The token in the reply to POST /api/session, a JSON string. Nothing if there is none that may be sent.
[[nodiscard]] std::optional<std::string> parse_token(std::string_view json);

} // namespace hvc::session
