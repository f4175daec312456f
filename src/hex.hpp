// Hexadecimal digits, as URLs, JSON, chunk sizes and fingerprints have them.
#pragma once

#include <string_view>

namespace hvc {

inline constexpr std::string_view hex_digits = "0123456789abcdef";
inline constexpr std::string_view upper_hex_digits = "0123456789ABCDEF";

// The value of a digit of either case, -1 for anything else.
[[nodiscard]] constexpr int hex_value(char c) noexcept {
  if (c >= '0' && c <= '9')
    return c - '0';
  auto const folded = static_cast<char>(c | 0x20);
  return folded >= 'a' && folded <= 'f' ? folded - 'a' + 10 : -1;
}

} // namespace hvc
