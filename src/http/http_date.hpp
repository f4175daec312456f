// HTTP dates (RFC 9110 section 5.6.7). The time is an argument.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace hvc::http {

// All three forms: IMF-fixdate, RFC 850, asctime. `now` decides the century of a two-digit year. The day's name is
// checked to be one, not to be the right one.
[[nodiscard]] std::optional<std::chrono::sys_seconds> parse_http_date(std::string_view value,
                                                                      std::chrono::sys_seconds now) noexcept;

} // namespace hvc::http
