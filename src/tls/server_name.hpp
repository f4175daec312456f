// The server as a certificate names it: a DNS name or an IP address. Knows neither sockets nor OpenSSL.
#pragma once

#include <hvc/result.hpp>

#include <string>
#include <string_view>

namespace hvc::tls {

struct server_name {
  std::string text;        // lower case, without the final dot of a name or the zone of an address
  bool is_address = false; // addresses are never sent as SNI (RFC 6066, section 3)

  // Refuses what is neither, with invalid_argument. Names are in their ASCII form (RFC 9525, section 6.3).
  [[nodiscard]] static result<server_name> parse(std::string_view host);
};

} // namespace hvc::tls
