// Why TLS failed, as an hvc failure: one closed set of reasons out of the many codes of OpenSSL. Decides nothing.
#pragma once

#include "server_name.hpp"
#include "witness.hpp"

#include "failure.hpp"

namespace hvc::tls {

// The server's certificate was not accepted.
[[nodiscard]] failure verification_failure(refusal const& refused, server_name const& expected);

// What a handshake's failure depends on beside OpenSSL's error.
struct handshake_facts {
  unsigned long code = 0;             // OpenSSL's first error
  bool reading_certificates = false;  // the certificate message was being read
  bool certificate_requested = false; // the server asked for ours,
  bool certificate_shown = false;     // and we had one
  std::string_view first;             // the first bytes the peer sent, up to five
};
[[nodiscard]] failure handshake_failure(handshake_facts const& facts);

// The error is a fatal alert about our certificate, or the lack of one: in TLS 1.3 it arrives after the handshake.
[[nodiscard]] bool is_certificate_alert(unsigned long code) noexcept;

// The server chose another protocol than the one we offer.
[[nodiscard]] failure alpn_failure();
// After the handshake.
[[nodiscard]] failure record_failure(unsigned long code);
[[nodiscard]] failure record_failure(std::string_view what);

} // namespace hvc::tls
