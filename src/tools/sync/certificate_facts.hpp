// What hvc-sync cert shows of a certificate: plain data, and its faces for a person and for a program. Pure.
#pragma once

#include "table.hpp"

#include <hvc/model.hpp>

#include <string>
#include <vector>

namespace hvc::tools {

struct certificate_facts {
  std::string subject{};
  std::string issuer{};
  std::string names{}; // subject alternative names: what counts
  date_time not_before{};
  date_time not_after{};
  std::string sha256{}; // "AB:CD:...", as a pin is written
};

/// What became of showing the chain to a client that was given these flags.
struct chain_verdict {
  bool trusted = false;
  std::string reason{};  // one word, of those of tls_verify
  std::string why_not{}; // in words
  std::string advice{};  // what would make it trusted
};

/// The chain as the server sent it, its own certificate first, and what would make a client trust it.
[[nodiscard]] std::string chain_text(std::string const& server, std::string const& protocol,
                                     std::vector<certificate_facts> const& chain, chain_verdict const& v, date_time now,
                                     canvas const& to);
/// `{"server","protocol","trusted","why_not"?,"chain":[{"subject","issuer","names","not_before","not_after","sha256"}]}`
[[nodiscard]] std::string chain_json(std::string const& server, std::string const& protocol,
                                     std::vector<certificate_facts> const& chain, chain_verdict const& v);

/// "expires in 43 d", "expired 3 d ago", "not valid before ...".
[[nodiscard]] std::string expiry_text(certificate_facts const& c, date_time now);

} // namespace hvc::tools
