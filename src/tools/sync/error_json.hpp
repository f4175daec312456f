// An error as JSON, for programs.
#pragma once

#include <hvc/error.hpp>

#include <string>

namespace hvc::tools {

/// `{"error":{"kind","reason"?,"stage","message","retryable","attempts","http_status"?,"error_type"?,"messages"?,"data"?}}`;
/// the last three are those of the server's standard error, `data` byte for byte.
[[nodiscard]] std::string error_json(error const& e);
/// The same without the braces around it: a member of another object.
[[nodiscard]] std::string error_member(error const& e);
/// A text as a JSON string.
[[nodiscard]] std::string json_string(std::string_view text);

} // namespace hvc::tools
