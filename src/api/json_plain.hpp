// The bytes of a JSON string that stand for themselves: ASCII without controls, quote and backslash. And the letters
// that stand behind a backslash for others.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace hvc::json {

// RFC 8259, section 7: each letter and, at the same place, what it stands for.
inline constexpr std::string_view escape_letters = "\"\\/bfnrt";
inline constexpr std::string_view escape_meanings = "\"\\/\b\f\n\r\t";

inline bool is_plain(char c) noexcept {
  auto const byte = static_cast<unsigned char>(c);
  return byte >= 0x20 && byte < 0x80 && c != '"' && c != '\\';
}

constexpr std::uint64_t each_byte(std::uint64_t value) { return value * 0x0101010101010101U; }

// The high bit of each byte that is a control character, a quote, a backslash or not ASCII. Borrows may mark bytes
// above such a byte too, so only the lowest mark is to be trusted.
constexpr std::uint64_t special_bytes(std::uint64_t word) {
  auto const quote = word ^ each_byte('"');
  auto const backslash = word ^ each_byte('\\');
  auto const below_space = (word - each_byte(0x20)) & ~word;
  auto const is_quote = (quote - each_byte(1)) & ~quote;
  auto const is_backslash = (backslash - each_byte(1)) & ~backslash;
  return (word | below_space | is_quote | is_backslash) & each_byte(0x80);
}

inline char const* end_of_plain(char const* p, char const* end) noexcept {
#if defined(__SSE2__) // of every x86-64
  auto const space = _mm_set1_epi8(0x20);
  auto const quote = _mm_set1_epi8('"');
  auto const backslash = _mm_set1_epi8('\\');
  for (auto const* const stop = p + ((end - p) & ~std::ptrdiff_t(15)); p != stop; p += 16) {
    auto const bytes = _mm_loadu_si128(reinterpret_cast<__m128i const*>(p));
    auto const below_space = _mm_cmplt_epi8(bytes, space); // signed: what is not ASCII, too
    auto const marks = _mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, backslash));
    auto const special = static_cast<unsigned>(_mm_movemask_epi8(_mm_or_si128(below_space, marks)));
    if (special != 0) [[likely]]
      return p + std::countr_zero(special);
  }
#endif
  if constexpr (std::endian::native == std::endian::little) {
    while (end - p >= 8) {
      std::uint64_t word = 0;
      std::memcpy(&word, p, sizeof word);
      if (auto const special = special_bytes(word))
        return p + std::countr_zero(special) / 8;
      p += 8;
    }
  }
  while (p != end && is_plain(*p))
    ++p;
  return p;
}

} // namespace hvc::json
