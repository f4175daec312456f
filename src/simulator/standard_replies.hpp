// Standard errors as a vCenter words them, and the HTTP status each has there. Knows neither the world nor sessions.
#pragma once

#include <hvc/simulator/exchange.hpp>
#include <hvc/standard_error.hpp>

namespace hvc::simulation {

[[nodiscard]] localizable_message message(std::string_view id, std::string_view text,
                                          std::vector<std::string> args = {});
[[nodiscard]] standard_error make_error(error_type type, localizable_message first);
// Of the type; 500 for one the page does not know.
[[nodiscard]] int natural_status(error_type type) noexcept;
// Status 0: the natural one.
[[nodiscard]] canned_reply reply_with(standard_error const& e, int status = 0);

// The server does not know the operation: vCenter 8.0 U1 and later say this of the sync services.
[[nodiscard]] canned_reply route_unknown();
// `what` is "link" or "provider".
[[nodiscard]] canned_reply resource_unknown(std::string_view what, std::string_view id);
[[nodiscard]] canned_reply unauthenticated();
[[nodiscard]] canned_reply session_limit_reached(unsigned limit);
// What the provider `error-TYPE` answers.
[[nodiscard]] canned_reply demonstration_of(error_type type, std::string_view link, std::string_view provider);

} // namespace hvc::simulation
