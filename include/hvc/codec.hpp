// Bytes of a reply to typed values and back. Public so that users can test their own code, and so that the simulator
// and the tools speak exactly the client's language. Pure functions; thread-safe. What is not noexcept throws
// std::bad_alloc where memory is out.
#pragma once

#include <hvc/result.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace hvc {

/// Bounds of decoding; a document beyond them is an error of kind limit.
struct decode_limits {
  unsigned depth = 32; ///< nested arrays and objects; at most 256 are read, whatever stands here
};

/// Decode strictly: what the API's documentation requires must be there and of its type; unknown members are ignored,
/// duplicates of known members refused, null means absent where it says optional. An error of kind decode names the
/// member's path and what was expected; kind limit(depth) a document nested too deeply; kind content(empty) an empty
/// one.
[[nodiscard]] result<sync_info> decode_sync_info(std::string_view json, decode_limits const& limits = {});
[[nodiscard]] result<std::vector<link_summary>> decode_links(std::string_view json, decode_limits const& limits = {});
[[nodiscard]] result<link_health> decode_link_health(std::string_view json, decode_limits const& limits = {});
[[nodiscard]] result<std::vector<provider_summary>> decode_providers(std::string_view json,
                                                                     decode_limits const& limits = {});

/// Decode leniently: succeeds for an object with a string `error_type` or an array `messages`, and leaves out and notes
/// what is wrong inside, be it a string that is no Unicode; else as above. `http_status` gives the type where the body
/// has none.
[[nodiscard]] result<standard_error> decode_standard_error(std::string_view json, int http_status,
                                                           decode_limits const& limits = {});
/// The error type an HTTP status stands for where the body names none.
[[nodiscard]] error_type error_type_from_status(int http_status) noexcept;

/// Encode to the API's JSON. Optional members that are absent are left out.
[[nodiscard]] std::string encode(sync_info const&);
[[nodiscard]] std::string encode(localizable_message const&);
[[nodiscard]] std::string encode(standard_error const&);
[[nodiscard]] std::string encode(link_health const&);
[[nodiscard]] std::string encode(std::vector<link_summary> const&);
[[nodiscard]] std::string encode(std::vector<provider_summary> const&);

/// RFC 3339, section 5.6 `date-time`: any offset, any number of fraction digits. Nothing if the text is not one.
[[nodiscard]] std::optional<date_time> parse_date_time(std::string_view) noexcept;
/// UTC with three fraction digits and Z, as the server writes it; six where the value needs them. Before the year 0 and
/// after 9999: the nearest time the API can name.
[[nodiscard]] std::string format_date_time(date_time);

} // namespace hvc
