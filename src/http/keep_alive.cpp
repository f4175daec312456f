// The field was never specified well (RFC 2068 section 19.7.1); what everybody writes is `timeout=5, max=100`.
#include "http/keep_alive.hpp"

#include "http/grammar.hpp"

#include <algorithm>

namespace hvc::http {

namespace {

std::optional<std::chrono::seconds> parse_seconds(std::string_view digits) noexcept {
  constexpr long long ceiling = 1'000'000'000;
  if (digits.empty())
    return std::nullopt;
  long long value = 0;
  for (char const c : digits) {
    if (!grammar::is_digit(c))
      return std::nullopt;
    value = std::min(value * 10 + (c - '0'), ceiling);
  }
  return std::chrono::seconds{value};
}

} // namespace

std::optional<std::chrono::seconds> parse_keep_alive_timeout(std::string_view value) noexcept {
  bool more = !value.empty();
  while (more) {
    std::string_view const parameter = grammar::next_element(value, more);
    std::size_t const equals = parameter.find('=');
    if (equals == std::string_view::npos ||
        !grammar::equals_lower(grammar::trim(parameter.substr(0, equals)), "timeout"))
      continue;
    return parse_seconds(grammar::trim(parameter.substr(equals + 1)));
  }
  return std::nullopt;
}

} // namespace hvc::http
