// The character classes of RFC 9110 section 5.6, RFC 9112 and RFC 3986, as tables: what a name, a value or a number may
// hold. Knows no message.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace hvc::http::grammar {

namespace detail {

inline constexpr std::uint8_t token = 1;      // RFC 9110 5.6.2
inline constexpr std::uint8_t text = 2;       // HTAB, SP, VCHAR and obs-text: RFC 9110 5.5
inline constexpr std::uint8_t unreserved = 4; // RFC 3986 2.3

constexpr std::array<std::uint8_t, 256> make_classes() {
  std::array<std::uint8_t, 256> classes{};
  for (unsigned c = 0; c < 256; ++c) {
    bool const alphanumeric = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    bool const mark =
        c != 0 && c < 128 && std::string_view{"!#$%&'*+-.^_`|~"}.find(static_cast<char>(c)) != std::string_view::npos;
    if (alphanumeric || mark)
      classes[c] |= token;
    if (c == '\t' || (c >= ' ' && c != 0x7F))
      classes[c] |= text;
    if (alphanumeric || c == '-' || c == '.' || c == '_' || c == '~')
      classes[c] |= unreserved;
  }
  return classes;
}

inline constexpr std::array<std::uint8_t, 256> classes = make_classes();

[[nodiscard]] constexpr bool is(std::uint8_t wanted, char c) noexcept {
  return (classes[static_cast<unsigned char>(c)] & wanted) != 0;
}

} // namespace detail

[[nodiscard]] constexpr bool is_token_char(char c) noexcept { return detail::is(detail::token, c); }
[[nodiscard]] constexpr bool is_text_char(char c) noexcept { return detail::is(detail::text, c); }
[[nodiscard]] constexpr bool is_unreserved_char(char c) noexcept { return detail::is(detail::unreserved, c); }
[[nodiscard]] constexpr bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }
[[nodiscard]] constexpr bool is_blank(char c) noexcept { return c == ' ' || c == '\t'; }

[[nodiscard]] constexpr char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

namespace detail {

[[nodiscard]] inline bool are_text_chars(char const* begin, char const* end) noexcept {
  while (begin != end && is_text_char(*begin))
    ++begin;
  return begin == end;
}

// Whether one of eight bytes is a control character, HTAB included.
[[nodiscard]] inline bool has_control(char const* eight_bytes) noexcept {
  constexpr std::uint64_t ones = 0x0101010101010101;
  std::uint64_t eight;
  std::memcpy(&eight, eight_bytes, sizeof eight);
  std::uint64_t const below_space = (eight - ones * 0x20) & ~eight;
  std::uint64_t const against_delete = eight ^ (ones * 0x7F);
  std::uint64_t const is_delete = (against_delete - ones) & ~against_delete;
  return ((below_space | is_delete) & (ones * 0x80)) != 0;
}

} // namespace detail

// No control character but HTAB. Eight bytes at a time, the last eight overlapping those before: most of a header is
// values, and most values are clean.
[[nodiscard]] inline bool is_text(std::string_view s) noexcept {
  char const* p = s.data();
  char const* const end = p + s.size();
  if (s.size() < 8)
    return detail::are_text_chars(p, end);
  for (; end - p > 8; p += 8)
    if (detail::has_control(p))
      return detail::are_text_chars(p, end);
  return !detail::has_control(end - 8) || detail::are_text_chars(p, end);
}

// Without the optional white space (OWS) around it.
[[nodiscard]] constexpr std::string_view trim(std::string_view s) noexcept {
  while (!s.empty() && is_blank(s.front()))
    s.remove_prefix(1);
  while (!s.empty() && is_blank(s.back()))
    s.remove_suffix(1);
  return s;
}

// Cuts the next element off a comma-separated list (RFC 9110 5.6.1), trimmed; `list` keeps the rest, and `more` says
// whether a comma followed.
[[nodiscard]] constexpr std::string_view next_element(std::string_view& list, bool& more) noexcept {
  std::size_t const comma = list.find(',');
  more = comma != std::string_view::npos;
  std::string_view const element = trim(list.substr(0, comma));
  list.remove_prefix(more ? comma + 1 : list.size());
  return element;
}

// Compares with a text in lower case, ASCII only.
[[nodiscard]] constexpr bool equals_lower(std::string_view s, std::string_view lower_case) noexcept {
  if (s.size() != lower_case.size())
    return false;
  for (std::size_t i = 0; i < s.size(); ++i)
    if (lower(s[i]) != lower_case[i])
      return false;
  return true;
}

} // namespace hvc::http::grammar
