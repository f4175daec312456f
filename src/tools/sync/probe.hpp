// A look at a server below the library: its addresses, whether one answers, and the certificates it shows to anybody.
// Each step is timed. Trusts nobody and sends nothing: what is seen here says nothing about who is there.
#pragma once

#include "certificate_facts.hpp"

#include <hvc/options.hpp>

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>
#include <vector>

namespace hvc::tools {

struct probe_report {
  std::vector<std::string> addresses{};
  std::chrono::microseconds resolving{};
  std::string peer{}; // the address that answered; empty: none
  std::chrono::microseconds connecting{};
  std::string protocol{}; // "TLSv1.3, TLS_AES_256_GCM_SHA384"; empty: no handshake
  std::chrono::microseconds handshaking{};
  std::vector<certificate_facts> chain{}; // may be there although the handshake failed
  std::optional<error> failed{};          // of resolving, connecting or the handshake
};

/// Within the time-outs of the options. Cancelled it ends with `canceled`.
[[nodiscard]] boost::asio::awaitable<probe_report> probe(client_options const& options);

} // namespace hvc::tools
