// UTF-8 as RFC 3629 defines it: the one place that knows which byte sequences are well-formed. And what JSON needs of
// UTF-16.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace hvc {

// The length of the well-formed sequence at `p`, 1 to 4; 0 if there is none: stray or missing continuation bytes,
// overlong forms, surrogates and code points beyond U+10FFFF. `p` must lie before `end`.
[[nodiscard]] inline std::size_t utf8_length(char const* p, char const* end) noexcept {
  auto const byte = [p](std::size_t i) { return static_cast<unsigned char>(p[i]); };
  auto const available = static_cast<std::size_t>(end - p);
  auto const continues = [&](std::size_t i) { return (byte(i) & 0xC0U) == 0x80U; };
  unsigned const lead = byte(0);
  if (lead < 0x80)
    return 1;
  if (lead < 0xC2) // a continuation, or an overlong form of ASCII
    return 0;
  if (lead < 0xE0)
    return available >= 2 && continues(1) ? 2 : 0;
  // The second byte's range is what keeps overlong forms, surrogates and too large code points out (RFC 3629, section
  // 4).
  if (lead < 0xF0) {
    if (available < 3 || !continues(1) || !continues(2))
      return 0;
    bool const overlong = lead == 0xE0 && byte(1) < 0xA0;
    bool const surrogate = lead == 0xED && byte(1) >= 0xA0;
    return overlong || surrogate ? 0 : 3;
  }
  if (lead > 0xF4 || available < 4 || !continues(1) || !continues(2) || !continues(3))
    return 0;
  bool const overlong = lead == 0xF0 && byte(1) < 0x90;
  bool const too_large = lead == 0xF4 && byte(1) >= 0x90;
  return overlong || too_large ? 0 : 4;
}

// A character at the head of a text. What is not well-formed counts as one invalid character a byte.
struct utf8_character {
  char32_t code = 0;
  std::size_t size = 1;
  bool valid = false;
};

// `text` must not be empty.
[[nodiscard]] inline utf8_character first_character(std::string_view text) noexcept {
  auto const size = utf8_length(text.data(), text.data() + text.size());
  if (size == 0)
    return {};
  auto const byte = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  char32_t code = size == 1 ? byte(0) : byte(0) & (0x7FU >> size);
  for (std::size_t i = 1; i < size; ++i)
    code = code << 6 | (byte(i) & 0x3FU);
  return {code, size, true};
}

// The two halves of a code point beyond U+FFFF in UTF-16, as JSON's escapes have them.
[[nodiscard]] constexpr bool is_high_surrogate(unsigned unit) noexcept { return unit >= 0xD800 && unit < 0xDC00; }
[[nodiscard]] constexpr bool is_low_surrogate(unsigned unit) noexcept { return unit >= 0xDC00 && unit < 0xE000; }
[[nodiscard]] constexpr unsigned code_point(unsigned high, unsigned low) noexcept {
  return 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
}

// Appends a code point; `code` must be a scalar value (no surrogate, at most U+10FFFF).
inline void append_utf8(std::string& to, unsigned code) {
  auto const put = [&to](unsigned byte) { to.push_back(static_cast<char>(static_cast<unsigned char>(byte))); };
  if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0U | code >> 6);
    put(0x80U | (code & 0x3FU));
  } else if (code < 0x10000) {
    put(0xE0U | code >> 12);
    put(0x80U | (code >> 6 & 0x3FU));
    put(0x80U | (code & 0x3FU));
  } else {
    put(0xF0U | code >> 18);
    put(0x80U | (code >> 12 & 0x3FU));
    put(0x80U | (code >> 6 & 0x3FU));
    put(0x80U | (code & 0x3FU));
  }
}

} // namespace hvc
