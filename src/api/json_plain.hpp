// The bytes of a JSON string that stand for themselves: ASCII without controls, quote and backslash.
#pragma once

namespace hvc::json {

inline bool is_plain(char c) noexcept {
  auto const byte = static_cast<unsigned char>(c);
  return byte >= 0x20 && byte < 0x80 && c != '"' && c != '\\';
}

} // namespace hvc::json
