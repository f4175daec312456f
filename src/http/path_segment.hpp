// An opaque id as one segment of a path (RFC 3986 section 3.3), and back. Knows no route.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hvc::http {

enum class segment_error : std::uint8_t { none, empty, dot_segment, too_long };

inline constexpr std::size_t max_segment = 2048; // bytes, encoded

// Appends `id` with every byte outside RFC 3986's unreserved set percent-encoded. `.` and `..` are refused: encoded or
// not, servers resolve them. On an error `out` is as before.
[[nodiscard]] segment_error append_segment(std::string& out, std::string_view id);

// The id of an encoded segment; nothing if it is no segment: a broken percent-encoding, or a byte that must be encoded.
[[nodiscard]] std::optional<std::string> decode_segment(std::string_view segment);

} // namespace hvc::http
