// Decodes character by character and stops as soon as the excerpt is full: a body's length does not matter.
#include "http/excerpt.hpp"

#include <cstdint>

namespace hvc::http {

namespace {

struct character {
  std::uint32_t code = 0;
  std::size_t size = 1;
  bool valid = true;
};

unsigned char byte(std::string_view s, std::size_t i) noexcept { return static_cast<unsigned char>(s[i]); }

// How many bytes a lead byte announces, 0 for what leads nothing.
std::size_t announced_size(unsigned char lead) noexcept {
  if (lead < 0x80)
    return 1;
  if (lead >= 0xC2 && lead < 0xE0)
    return 2;
  if (lead >= 0xE0 && lead < 0xF0)
    return 3;
  return lead >= 0xF0 && lead < 0xF5 ? 4 : 0;
}

// The first character of a text that is not empty. One invalid byte is one invalid character.
character first_character(std::string_view s) noexcept {
  constexpr std::uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  constexpr character invalid{0, 1, false};
  std::size_t const size = announced_size(byte(s, 0));
  if (size == 1)
    return {byte(s, 0), 1, true};
  if (size == 0 || s.size() < size)
    return invalid;
  std::uint32_t code = byte(s, 0) & (0x7Fu >> size);
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(s, i) & 0xC0) != 0x80)
      return invalid;
    code = (code << 6) | (byte(s, i) & 0x3Fu);
  }
  bool const surrogate = code >= 0xD800 && code <= 0xDFFF;
  if (code < least[size] || code > 0x10FFFF || surrogate)
    return invalid;
  return {code, size, true};
}

bool is_white_space(std::uint32_t c) noexcept { return c == ' ' || (c >= '\t' && c <= '\r'); }

// Whatever moves a cursor, rings a bell, breaks a line or turns the writing direction.
bool is_control(std::uint32_t c) noexcept {
  bool const c0_or_c1 = c < 0x20 || (c >= 0x7F && c <= 0x9F);
  bool const line = c == 0x2028 || c == 0x2029;
  bool const direction =
      c == 0x061C || c == 0x200E || c == 0x200F || (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
  return c0_or_c1 || line || direction;
}

} // namespace

std::string excerpt(std::string_view body, std::size_t max) {
  std::string out;
  bool space = false;
  while (!body.empty()) {
    character const c = first_character(body);
    std::string_view text = body.substr(0, c.size);
    body.remove_prefix(c.size);
    if (c.valid && is_white_space(c.code)) {
      space = !out.empty(); // written before the next character, if there is one
      continue;
    }
    if (!c.valid || is_control(c.code))
      text = "?";
    if (out.size() + text.size() + (space ? 1 : 0) > max)
      break;
    if (space)
      out.push_back(' ');
    space = false;
    out.append(text);
  }
  return out;
}

} // namespace hvc::http
