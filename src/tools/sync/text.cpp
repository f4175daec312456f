#include "text.hpp"

#include "api/utf8.hpp"

#include <algorithm>
#include <array>

namespace hvc::tools {

namespace {

struct range {
  char32_t first, last;
};

template <std::size_t N> bool is_among(char32_t c, std::array<range, N> const& ranges) noexcept {
  return std::any_of(ranges.begin(), ranges.end(), [c](range r) { return r.first <= c && c <= r.last; });
}

// Controls (C0, DEL, C1), separators of lines, and the marks that turn the direction of writing.
bool steers_terminal(char32_t c) noexcept {
  constexpr std::array<range, 6> steering{
      {{0, 0x1F}, {0x7F, 0x9F}, {0x61C, 0x61C}, {0x200E, 0x200F}, {0x2028, 0x202E}, {0x2066, 0x2069}}};
  return is_among(c, steering);
}

// Unicode Standard Annex 11 (East Asian Width), and its general categories Mn, Me and Cf, in the blocks a name may use.
std::size_t columns_of(char32_t c) noexcept {
  constexpr std::array<range, 10> none{{{0x300, 0x36F},
                                        {0x483, 0x489},
                                        {0x591, 0x5BD},
                                        {0x610, 0x61A},
                                        {0x64B, 0x65F},
                                        {0x1AB0, 0x1AFF},
                                        {0x1DC0, 0x1DFF},
                                        {0x200B, 0x200D},
                                        {0x20D0, 0x20FF},
                                        {0xFE00, 0xFE0F}}};
  constexpr std::array<range, 10> two{{{0x1100, 0x115F},
                                       {0x2E80, 0x303E},
                                       {0x3041, 0xA4CF},
                                       {0xAC00, 0xD7A3},
                                       {0xF900, 0xFAFF},
                                       {0xFE30, 0xFE6F},
                                       {0xFF00, 0xFF60},
                                       {0xFFE0, 0xFFE6},
                                       {0x1F300, 0x1FAFF},
                                       {0x20000, 0x3FFFD}}};
  return is_among(c, none) ? 0 : is_among(c, two) ? 2 : 1;
}

void append_wrapped(std::vector<std::string>& lines, std::string_view paragraph, std::size_t width) {
  std::string const text = printable(paragraph);
  std::string line;
  std::size_t used = 0;
  for (std::size_t at = 0; at < text.size();) {
    auto const end = std::min(text.find(' ', at), text.size());
    std::string_view const word = std::string_view(text).substr(at, end - at);
    at = end + 1;
    if (used != 0 && used + 1 + columns(word) > width) {
      lines.push_back(std::move(line));
      line.clear();
      used = 0;
    }
    if (used != 0)
      line.push_back(' ');
    used += columns(word) + (used != 0 ? 1 : 0);
    line.append(word);
  }
  lines.push_back(std::move(line));
}

} // namespace

std::string printable(std::string_view text) {
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    auto const c = first_character(text);
    if (c.code == '\n' || c.code == '\r' || c.code == '\t')
      result.push_back(' ');
    else if (!c.valid || steers_terminal(c.code))
      result.push_back('?');
    else
      result.append(text.substr(0, c.size));
    text.remove_prefix(c.size);
  }
  return result;
}

std::size_t columns(std::string_view text) noexcept {
  std::size_t sum = 0;
  while (!text.empty()) {
    auto const c = first_character(text);
    sum += columns_of(c.code);
    text.remove_prefix(c.size);
  }
  return sum;
}

std::string grouped(std::uint64_t n) {
  std::string const digits = std::to_string(n);
  std::string text;
  for (std::size_t left = digits.size(); left != 0; --left) {
    if (left % 3 == 0 && left != digits.size())
      text.push_back(',');
    text.push_back(digits[digits.size() - left]);
  }
  return text;
}

std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
  std::vector<std::string> lines;
  while (true) {
    auto const end = text.find('\n');
    auto paragraph = text.substr(0, end);
    if (paragraph.ends_with('\r'))
      paragraph.remove_suffix(1);
    if (width == 0)
      lines.push_back(printable(paragraph));
    else
      append_wrapped(lines, paragraph, width);
    if (end == std::string_view::npos)
      return lines;
    text.remove_prefix(end + 1);
  }
}

std::string hanging(std::string_view text, std::size_t indent, std::size_t width) {
  constexpr std::size_t narrowest = 20;
  std::size_t const room = width >= indent + narrowest ? width - indent : 0;
  std::string result;
  for (auto const& line : wrapped(text, room)) {
    bool const hangs = !result.empty() && (room == 0 || columns(line) <= room);
    result.append(hangs ? indent : 0, ' ').append(line).push_back('\n');
  }
  return result;
}

} // namespace hvc::tools
