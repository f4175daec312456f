#include "server_url.hpp"

#include "http/field.hpp"

#include <boost/asio/ip/address.hpp>

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace hvc {
namespace {

[[noreturn]] void refuse(std::string_view why) { throw std::invalid_argument("server: " + std::string(why)); }

bool is_host_character(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' || c == '_';
}

std::uint16_t parse_port(std::string_view text) {
  std::uint16_t port = 0;
  auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (ec != std::errc() || end != text.data() + text.size() || port == 0)
    refuse("the port must be a number from 1 to 65535");
  return port;
}

// An IPv6 address stands in brackets (RFC 3986, section 3.2.2); a zone has no place in a URL.
std::string parse_literal(std::string_view text) {
  boost::system::error_code ec;
  auto const address = boost::asio::ip::make_address_v6(std::string(text), ec);
  if (ec || address.scope_id() != 0 || text.find('%') != std::string_view::npos)
    refuse("what stands in brackets must be an IPv6 address without a zone");
  return address.to_string();
}

} // namespace

server_url parse_server_url(std::string_view url) {
  constexpr std::string_view scheme = "https://";
  if (!http::iequals(url.substr(0, scheme.size()), scheme)) // RFC 3986, section 3.1
    refuse("must begin with https://");
  url.remove_prefix(scheme.size());
  if (url.ends_with('/'))
    url.remove_suffix(1);
  if (url.find_first_of("/?#@\\") != std::string_view::npos)
    refuse("only https://HOST[:PORT], without user, path or query");
  server_url result;
  bool const literal = url.starts_with('[');
  auto const end = literal ? url.find(']') : url.find(':');
  if (literal && end == std::string_view::npos)
    refuse("a bracket is not closed");
  auto const host = literal ? url.substr(1, end - 1) : url.substr(0, end);
  auto const rest = end == std::string_view::npos ? std::string_view() : url.substr(end + (literal ? 1 : 0));
  if (host.empty())
    refuse("the host is missing");
  if (!literal && !std::all_of(host.begin(), host.end(), is_host_character))
    refuse("the host has a character that no host name has");
  result.host = literal ? parse_literal(host) : std::string(host);
  if (!rest.empty() && !rest.starts_with(':'))
    refuse("only a port may follow the host");
  if (!rest.empty())
    result.port = parse_port(rest.substr(1));
  result.authority.append(literal ? "[" : "").append(result.host).append(literal ? "]" : "");
  if (result.port != 443)
    result.authority.append(":").append(std::to_string(result.port));
  return result;
}

} // namespace hvc
