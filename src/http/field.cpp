// Reads leniently only where nothing hangs on it: an odd parameter of a media type is passed over, an odd number is
// not.
#include "http/field.hpp"

#include "http/grammar.hpp"

#include <algorithm>

namespace hvc::http {

namespace {

using grammar::equals_lower;
using grammar::trim;

// Cuts one parameter off the rest of a media type (RFC 9110 section 5.6.6). A semicolon within quotes ends nothing.
std::string_view next_parameter(std::string_view& rest) noexcept {
  bool quoted = false;
  std::size_t i = 0;
  for (; i < rest.size() && (quoted || rest[i] != ';'); ++i) {
    if (rest[i] == '"')
      quoted = !quoted;
    else if (quoted && rest[i] == '\\')
      ++i;
  }
  i = std::min(i, rest.size());
  std::string_view const parameter = trim(rest.substr(0, i));
  rest.remove_prefix(std::min(i + 1, rest.size()));
  return parameter;
}

std::string_view unquote(std::string_view s) noexcept {
  bool const quoted = s.size() >= 2 && s.front() == '"' && s.back() == '"';
  return quoted ? s.substr(1, s.size() - 2) : s;
}

bool is_charset_other_than_utf8(std::string_view parameter) noexcept {
  std::size_t const equals = parameter.find('=');
  if (!equals_lower(trim(parameter.substr(0, equals)), "charset"))
    return false;
  if (equals == std::string_view::npos)
    return true;
  std::string_view const charset = unquote(trim(parameter.substr(equals + 1)));
  return !equals_lower(charset, "utf-8") && !equals_lower(charset, "us-ascii");
}

} // namespace

bool is_field_name(std::string_view s) noexcept {
  return !s.empty() && std::all_of(s.begin(), s.end(), grammar::is_token_char);
}

bool is_field_value(std::string_view s) noexcept { return trim(s).size() == s.size() && grammar::is_text(s); }

bool iequals(std::string_view a, std::string_view b) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return grammar::lower(x) == grammar::lower(y); });
}

std::optional<std::chrono::seconds> parse_delta_seconds(std::string_view digits) noexcept {
  if (digits.empty())
    return std::nullopt;
  long long value = 0;
  for (char const c : digits) {
    if (!grammar::is_digit(c))
      return std::nullopt;
    value = std::min<long long>(value * 10 + (c - '0'), longest_delta.count());
  }
  return std::chrono::seconds{value};
}

std::optional<std::chrono::seconds> parse_retry_after(std::string_view value, std::chrono::sys_seconds now) noexcept {
  value = trim(value);
  if (!value.empty() && grammar::is_digit(value.front()))
    return parse_delta_seconds(value);
  std::optional<std::chrono::sys_seconds> const date = parse_http_date(value, now);
  if (!date)
    return std::nullopt;
  return std::clamp<std::chrono::seconds>(*date - now, std::chrono::seconds::zero(), longest_delta);
}

bool is_json(std::string_view content_type) noexcept {
  constexpr std::string_view plainly = "application/json"; // as nearly all servers write it
  if (content_type == plainly)
    return true;
  std::string_view const type = next_parameter(content_type);
  if (!equals_lower(type, plainly) && !equals_lower(type, "application/problem+json"))
    return false;
  while (!content_type.empty())
    if (is_charset_other_than_utf8(next_parameter(content_type)))
      return false;
  return true;
}

} // namespace hvc::http
