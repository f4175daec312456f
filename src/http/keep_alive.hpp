// The Keep-Alive field's `timeout`: how long the server says it keeps an idle connection.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace hvc::http {

// The first `timeout=N` of the list. Nothing where there is none or N is no number.
[[nodiscard]] std::optional<std::chrono::seconds> parse_keep_alive_timeout(std::string_view value) noexcept;

} // namespace hvc::http
