// The field was never specified well (RFC 2068 section 19.7.1); what everybody writes is `timeout=5, max=100`.
#include "http/keep_alive.hpp"

#include "http/field.hpp"
#include "http/grammar.hpp"

namespace hvc::http {

std::optional<std::chrono::seconds> parse_keep_alive_timeout(std::string_view value) noexcept {
  bool more = !value.empty();
  while (more) {
    std::string_view const parameter = grammar::next_element(value, more);
    std::size_t const equals = parameter.find('=');
    if (equals == std::string_view::npos ||
        !grammar::equals_lower(grammar::trim(parameter.substr(0, equals)), "timeout"))
      continue;
    return parse_delta_seconds(grammar::trim(parameter.substr(equals + 1)));
  }
  return std::nullopt;
}

} // namespace hvc::http
