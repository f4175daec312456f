// What a certificate says, in words for an error's text: bounded, and free of bytes that could garble a log.
#pragma once

#include "openssl.hpp"

#include <hvc/tls_options.hpp>

#include <string>
#include <string_view>

namespace hvc::tls {

// SHA-256 of the certificate's DER, as a pin compares it and as a person reads it ("AB:CD:...").
[[nodiscard]] tls_options::digest digest_of(X509 const* certificate) noexcept;
[[nodiscard]] std::string to_text(tls_options::digest const& digest);
// Its digits alone: 64 fit on a line of a terminal, 95 characters do not, and a pin is taken so as well.
[[nodiscard]] std::string without_colons(std::string_view digest);

// "a.example, *.b.example, 10.0.0.1 and 997 more", "no name".
[[nodiscard]] std::string names_of(X509 const* certificate, int most = 5);
// "2026-01-31 12:00:00 to 2027-01-31 12:00:00 UTC"
[[nodiscard]] std::string validity_of(X509 const* certificate);
[[nodiscard]] std::string subject_of(X509 const* certificate);
[[nodiscard]] std::string issuer_of(X509 const* certificate);

} // namespace hvc::tls
