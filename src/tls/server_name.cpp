// What counts as a host name here, and what does not.
#include "server_name.hpp"

#include "error_builder.hpp"

#include <algorithm>
#include <arpa/inet.h>

namespace hvc::tls {
namespace {

constexpr std::size_t longest_name = 253; // RFC 1035, section 2.3.4, without the root label
constexpr std::size_t longest_label = 63;

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

bool is_address(std::string const& text) noexcept {
  unsigned char bytes[16];
  return inet_pton(AF_INET, text.c_str(), bytes) == 1 || inet_pton(AF_INET6, text.c_str(), bytes) == 1;
}

// The underscore is no letter of host names, but real ones contain it.
bool is_label(std::string_view label) noexcept {
  auto const allowed = [](char c) { return (c >= 'a' && c <= 'z') || is_digit(c) || c == '-' || c == '_'; };
  return !label.empty() && label.size() <= longest_label && std::ranges::all_of(label, allowed);
}

// OpenSSL would take ".example.com" for "any host below it", and a resolver "10.1" for 10.0.0.1: neither is a name.
bool is_name(std::string_view text) noexcept {
  for (;;) {
    auto const dot = text.find('.');
    auto const label = text.substr(0, dot);
    if (!is_label(label))
      return false;
    if (dot == text.npos)
      return !std::ranges::all_of(label, is_digit);
    text.remove_prefix(dot + 1);
  }
}

error refused(std::string text) {
  return error_builder(failure{.kind = error_kind::invalid_argument, .reason = "server", .text = std::move(text)})
      .build();
}

} // namespace

result<server_name> server_name::parse(std::string_view host) {
  server_name name{std::string(host)};
  if (host.find(':') != host.npos)
    name.text.erase(std::min(host.find('%'), host.size())); // the zone (RFC 4007) is this machine's business alone
  std::ranges::transform(name.text, name.text.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? char(c | 0x20) : c; });
  if (name.text.find('\0') == name.text.npos && tls::is_address(name.text)) {
    name.is_address = true;
    return name;
  }
  if (name.text.ends_with('.'))
    name.text.pop_back();
  if (name.text.size() > longest_name)
    return refused("server: a name of more than 253 characters");
  if (!std::ranges::all_of(name.text, [](char c) { return c > ' ' && c < 0x7f; }))
    return refused("server: a name with characters beyond ASCII; write it in its \"xn--\" form");
  if (!is_name(name.text))
    return refused("server: neither a host name nor an IP address: " + name.text);
  return name;
}

} // namespace hvc::tls
