// Field names and values (RFC 9110 section 5), and the values this client reads: Retry-After, Content-Type, and dates
// through http_date.hpp. Knows no message; the time is an argument.
#pragma once

#include "http/http_date.hpp"

#include <chrono>
#include <optional>
#include <string_view>

namespace hvc::http {

[[nodiscard]] bool is_field_name(std::string_view s) noexcept;
// No control character but HTAB, and no white space at either end. An empty value is one.
[[nodiscard]] bool is_field_value(std::string_view s) noexcept;
// ASCII letters compare without case.
[[nodiscard]] bool iequals(std::string_view a, std::string_view b) noexcept;

// The longest time the functions below answer: larger values mean the same.
inline constexpr std::chrono::seconds longest_delta{1'000'000'000};

// RFC 9110 section 10.2.3, delta-seconds: digits and nothing else.
[[nodiscard]] std::optional<std::chrono::seconds> parse_delta_seconds(std::string_view digits) noexcept;

// RFC 9110 section 10.2.3: seconds, or a date, of which the past is zero. Nothing for anything else: a server that
// writes nonsense has asked for nothing.
[[nodiscard]] std::optional<std::chrono::seconds> parse_retry_after(std::string_view value,
                                                                    std::chrono::sys_seconds now) noexcept;

// Whether a Content-Type is one of JSON that RFC 8259 lets us read: application/json or application/problem+json, in
// UTF-8 if it names a charset.
[[nodiscard]] bool is_json(std::string_view content_type) noexcept;

} // namespace hvc::http
