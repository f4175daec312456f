#include "api/sanitise.hpp"

#include "api/utf8.hpp"

namespace hvc {
namespace {

constexpr char escape = '\x1B';
constexpr char bell = '\x07';

bool is_between(char c, char low, char high) noexcept { return c >= low && c <= high; }

// Past a control string (ECMA-48, section 5.6), which a bell or `ESC \` ends. One that never ends is no reason to hide
// the rest of the text.
char const* skip_control_string(char const* p, char const* end) noexcept {
  for (auto const* q = p; q != end; ++q) {
    if (*q == bell)
      return q + 1;
    if (*q == escape)
      return end - q >= 2 && q[1] == '\\' ? q + 2 : q;
  }
  return p;
}

// Past an escape sequence (ECMA-48, sections 5.3 to 5.6), whose ESC stands before `p`.
char const* skip_escape_sequence(char const* p, char const* end) noexcept {
  if (p == end)
    return p;
  char const kind = *p;
  if (kind == '[') {
    for (++p; p != end && is_between(*p, '\x20', '\x3F');)
      ++p;
    return p != end && is_between(*p, '\x40', '\x7E') ? p + 1 : p;
  }
  if (kind == ']' || kind == 'P' || kind == 'X' || kind == '^' || kind == '_')
    return skip_control_string(p + 1, end);
  while (p != end && is_between(*p, '\x20', '\x2F'))
    ++p;
  return p != end && is_between(*p, '\x30', '\x7E') ? p + 1 : p;
}

// C1 controls, line and paragraph separators, and the marks, embeddings, overrides and isolates of bidirectional text.
bool is_unsafe(std::string_view sequence) noexcept {
  using namespace std::string_view_literals;
  if (sequence.size() == 2)
    return sequence[0] == '\xC2' && is_between(static_cast<char>(sequence[1] & 0x7F), '\x00', '\x1F');
  return sequence == "\u200E"sv || sequence == "\u200F"sv || sequence == "\u061C"sv ||
         (sequence >= "\u2028"sv && sequence <= "\u202E"sv) || (sequence >= "\u2066"sv && sequence <= "\u2069"sv);
}

bool is_white_space(unsigned char byte) noexcept { return byte >= '\t' && byte <= '\r'; }

bool is_control(unsigned char byte) noexcept { return byte < 0x20 || byte == 0x7F; }

void cut(std::string& text, std::size_t max) {
  constexpr std::string_view dots = "...";
  auto length = max > dots.size() ? max - dots.size() : 0;
  while (length > 0 && (static_cast<unsigned char>(text[length]) & 0xC0U) == 0x80U)
    --length;
  text.resize(length);
  text.append(dots.substr(0, max));
}

} // namespace

std::string sanitised(std::string_view text, std::size_t max) {
  std::string result;
  bool space_due = false; // for line breaks and tabs between two words
  auto const append = [&](std::string_view piece) {
    if (space_due && !result.empty() && result.back() != ' ')
      result.push_back(' ');
    space_due = false;
    result.append(piece);
  };
  auto const* p = text.data();
  auto const* const end = p + text.size();
  while (p != end && result.size() <= max) {
    auto const byte = static_cast<unsigned char>(*p);
    auto const length = utf8_length(p, end);
    std::string_view const sequence(p, length == 0 ? 1 : length);
    p += sequence.size();
    if (byte == static_cast<unsigned char>(escape))
      p = skip_escape_sequence(p, end);
    else if (is_control(byte))
      space_due = space_due || is_white_space(byte);
    else if (length == 0)
      append("?");
    else if (length == 1 || !is_unsafe(sequence))
      append(sequence);
  }
  if (result.size() > max)
    cut(result, max);
  return result;
}

} // namespace hvc
