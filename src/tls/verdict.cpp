// The tables from OpenSSL's codes to the reasons of tls_verify and tls_handshake.
#include "verdict.hpp"

#include "certificate.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>

namespace hvc::tls {
namespace {

// error::reason() views these.
std::string_view reason_of(refusal const& refused) noexcept {
  switch (refused.code) {
  case X509_V_ERR_CERT_HAS_EXPIRED:
    return "expired";
  case X509_V_ERR_CERT_NOT_YET_VALID:
    return "not_yet_valid";
  case X509_V_ERR_HOSTNAME_MISMATCH:
  case X509_V_ERR_IP_ADDRESS_MISMATCH:
    return "host_mismatch";
  case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    return "self_signed";
  case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
  case X509_V_ERR_CERT_UNTRUSTED:
    return "untrusted_root";
  case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
  case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY: // servers leave the root out: with intermediates, only that is
                                                     // missing
    return refused.depth > 0 ? "untrusted_root" : "no_issuer";
  case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    return "no_issuer";
  case X509_V_ERR_EE_KEY_TOO_SMALL:
  case X509_V_ERR_CA_KEY_TOO_SMALL:
  case X509_V_ERR_CA_MD_TOO_WEAK:
    return "weak";
  case X509_V_ERR_CERT_REVOKED:
    return "revoked";
  case X509_V_ERR_UNABLE_TO_GET_CRL:
  case X509_V_ERR_UNABLE_TO_GET_CRL_ISSUER:
  case X509_V_ERR_CRL_NOT_YET_VALID:
  case X509_V_ERR_CRL_HAS_EXPIRED:
  case X509_V_ERR_CRL_SIGNATURE_FAILURE:
    return "revocation_unknown";
  case X509_V_ERR_INVALID_PURPOSE:
  case X509_V_ERR_CERT_REJECTED:
    return "purpose";
  case X509_V_ERR_APPLICATION_VERIFICATION:
    return "pin_mismatch";
  default:
    return "not_accepted";
  }
}

// The description an alert carries, or -1 if the error is no alert of the peer.
int alert_of(unsigned long code) noexcept {
  if (ERR_SYSTEM_ERROR(code) || ERR_GET_LIB(code) != ERR_LIB_SSL || ERR_GET_REASON(code) < SSL_AD_REASON_OFFSET)
    return -1;
  auto const alert = ERR_GET_REASON(code) - SSL_AD_REASON_OFFSET;
  return alert <= 255 ? alert : -1;
}

std::string_view reason_of_alert(int alert) noexcept {
  switch (alert) {
  case SSL_AD_PROTOCOL_VERSION:
  case SSL_AD_INAPPROPRIATE_FALLBACK:
    return "version";
  case SSL_AD_HANDSHAKE_FAILURE:
  case SSL_AD_INSUFFICIENT_SECURITY:
    return "no_cipher";
  default:
    return "alert";
  }
}

// Later OpenSSL knows no security level for a Diffie-Hellman group that is too small, and says so from below its TLS.
bool knows_no_strength([[maybe_unused]] unsigned long code) noexcept {
#ifdef EVP_R_UNKNOWN_SECURITY_BITS
  return ERR_GET_LIB(code) == ERR_LIB_EVP && ERR_GET_REASON(code) == EVP_R_UNKNOWN_SECURITY_BITS;
#else
  return false;
#endif
}

std::string_view reason_of_error(unsigned long code) noexcept {
  if (knows_no_strength(code))
    return "weak_key";
  switch (ERR_GET_REASON(code)) {
  case SSL_R_UNSUPPORTED_PROTOCOL:
  case SSL_R_UNSUPPORTED_SSL_VERSION:
  case SSL_R_UNKNOWN_PROTOCOL:
  case SSL_R_UNKNOWN_SSL_VERSION:
  case SSL_R_WRONG_SSL_VERSION:
  case SSL_R_WRONG_VERSION_NUMBER:
  case SSL_R_VERSION_TOO_LOW:
  case SSL_R_VERSION_TOO_HIGH:
  case SSL_R_NO_PROTOCOLS_AVAILABLE:
  case SSL_R_INAPPROPRIATE_FALLBACK:
    return "version";
  case SSL_R_WRONG_CIPHER_RETURNED:
  case SSL_R_UNKNOWN_CIPHER_RETURNED:
  case SSL_R_UNKNOWN_CIPHER_TYPE:
  case SSL_R_NO_CIPHER_MATCH:
  case SSL_R_NO_CIPHERS_AVAILABLE:
    return "no_cipher";
  case SSL_R_DH_KEY_TOO_SMALL:
  case SSL_R_BAD_DH_VALUE:
  case SSL_R_EE_KEY_TOO_SMALL:
  case SSL_R_CA_KEY_TOO_SMALL:
  case SSL_R_CA_MD_TOO_WEAK:
    return "weak_key";
  default:
    return "protocol";
  }
}

// An alert is 0x15, a handshake message 0x16; then the version, 3.x (RFC 8446, section 5.1).
bool is_tls(std::string_view first) noexcept {
  constexpr std::string_view ours = "\x14\x15\x16\x17";
  return first.empty() || (ours.find(first[0]) != ours.npos && (first.size() < 2 || first[1] == 3));
}

failure handshake_failure(std::string_view reason, unsigned long code, std::string text) {
  return {.kind = error_kind::tls_handshake,
          .reason = reason,
          .stage = stage::handshake,
          .code = error_code_of(code),
          .text = std::move(text)};
}

// A name cut in its middle, so that many long ones leave room for what is said of them.
std::string shortened(std::string name) {
  constexpr std::size_t longest = 53, end = 14;
  if (name.size() > longest)
    name.replace(longest - 3 - end, name.size() - (longest - 3), "...");
  return name;
}

std::string words_of_peer(unsigned long code) {
  auto const alert = alert_of(code);
  return alert < 0 ? words_of(code) : std::string("the server's alert: ") + SSL_alert_desc_string_long(alert);
}

} // namespace

failure verification_failure(refusal const& refused, server_name const& expected) {
  failure f{.kind = error_kind::tls_verify, .reason = reason_of(refused), .stage = stage::handshake};
  bool const pin = refused.code == X509_V_ERR_APPLICATION_VERIFICATION;
  f.text = pin ? "no pin matches" : X509_verify_cert_error_string(refused.code);
  if (auto const* const leaf = refused.leaf.get()) {
    f.certificate_sha256 = to_text(digest_of(leaf));
    f.text += "; " + shortened(expected.text) + " shows a certificate for " + shortened(names_of(leaf)) + ", valid " +
              validity_of(leaf) + ", issued by " + shortened(issuer_of(leaf)) + ", SHA-256 " +
              without_colons(f.certificate_sha256);
  }
  if (auto const* const fault = refused.fault.get(); fault && refused.depth > 0)
    f.text += "; at fault: " + shortened(subject_of(fault)) + ", valid " + validity_of(fault) + ", issued by " +
              shortened(issuer_of(fault));
  return f;
}

bool is_certificate_alert(unsigned long code) noexcept {
  switch (alert_of(code)) {
  case SSL_AD_CERTIFICATE_REQUIRED:
  case SSL_AD_HANDSHAKE_FAILURE: // TLS 1.2 has no alert of its own for a missing certificate
  case SSL_AD_BAD_CERTIFICATE:
  case SSL_AD_UNSUPPORTED_CERTIFICATE:
  case SSL_AD_CERTIFICATE_REVOKED:
  case SSL_AD_CERTIFICATE_EXPIRED:
  case SSL_AD_CERTIFICATE_UNKNOWN:
  case SSL_AD_UNKNOWN_CA:
  case SSL_AD_ACCESS_DENIED:
    return true;
  default:
    return false;
  }
}

failure handshake_failure(handshake_facts const& facts) {
  auto const code = facts.code;
  if (!is_tls(facts.first)) {
    bool const http = facts.first.starts_with("HTTP");
    return handshake_failure("not_tls", code,
                             http ? "the server answers plain HTTP: is this the port of https?"
                                  : "the server does not speak TLS");
  }
  if (alert_of(code) == SSL_AD_CERTIFICATE_REQUIRED || (facts.certificate_requested && is_certificate_alert(code))) {
    if (facts.certificate_shown)
      return handshake_failure("client_cert_refused", code, words_of_peer(code) + ", on our certificate");
    return handshake_failure("client_cert_required", code, words_of_peer(code) + ", as we showed no certificate");
  }
  if (auto const alert = alert_of(code); alert >= 0)
    return handshake_failure(reason_of_alert(alert), code, words_of_peer(code));
  if (ERR_GET_REASON(code) == SSL_R_EXCESSIVE_MESSAGE_SIZE && facts.reading_certificates)
    return {.kind = error_kind::limit,
            .reason = "certificates",
            .stage = stage::handshake,
            .code = error_code_of(code),
            .text = "the server's certificates take more than 100 KB"};
  return handshake_failure(reason_of_error(code), code, words_of(code));
}

failure alpn_failure() {
  return {.kind = error_kind::protocol,
          .reason = "alpn",
          .stage = stage::handshake,
          .text = "the server chose another protocol than http/1.1, which alone was offered"};
}

failure record_failure(unsigned long code) {
  return {.kind = error_kind::protocol, .reason = "tls", .code = error_code_of(code), .text = words_of_peer(code)};
}

failure record_failure(std::string_view what) {
  return {.kind = error_kind::protocol, .reason = "tls", .text = std::string(what)};
}

} // namespace hvc::tls
