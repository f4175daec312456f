// What a certificate says, in words for an error's text: bounded, and free of bytes that could garble a log.
#pragma once

#include "openssl.hpp"

#include <hvc/tls_options.hpp>

#include <string>

namespace hvc::tls {

// SHA-256 of the certificate's DER, as a pin compares it and as a person reads it ("AB:CD:...").
[[nodiscard]] tls_options::digest digest_of(X509 const* certificate) noexcept;
[[nodiscard]] std::string to_text(tls_options::digest const& digest);

// "a.example, *.b.example, 10.0.0.1 and 997 more", "no name".
[[nodiscard]] std::string names_of(X509 const* certificate, int most = 5);
// "2026-01-31 12:00:00 to 2027-01-31 12:00:00 UTC"
[[nodiscard]] std::string validity_of(X509 const* certificate);
[[nodiscard]] std::string subject_of(X509 const* certificate);
[[nodiscard]] std::string issuer_of(X509 const* certificate);

} // namespace hvc::tls
