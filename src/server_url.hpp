// The server's URL, taken apart and validated: https://HOST[:PORT], nothing else.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace hvc {

struct server_url {
  std::string host; // a name, or an address without brackets
  std::uint16_t port = 443;
  std::string authority; // for the Host field
};

// Throws std::invalid_argument, beginning with "server".
[[nodiscard]] server_url parse_server_url(std::string_view url);

} // namespace hvc
