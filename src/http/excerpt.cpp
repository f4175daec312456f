// Decodes character by character and stops as soon as the excerpt is full: a body's length does not matter.
#include "http/excerpt.hpp"

#include "api/utf8.hpp"

namespace hvc::http {

namespace {

bool is_white_space(char32_t c) noexcept { return c == ' ' || (c >= '\t' && c <= '\r'); }

// Whatever moves a cursor, rings a bell, breaks a line or turns the writing direction.
bool is_control(char32_t c) noexcept {
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
    auto const c = first_character(body);
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
