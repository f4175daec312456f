// hvc::tls_options: whom a client trusts, and how it shows who it is. Plain data: files are read when the client is
// made.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hvc {

/// What a client asks of its server's certificate, and the certificate it shows itself. The protocol is fixed: TLS 1.2
/// or 1.3, keys and signatures of 112 bits of strength or more, no renegotiation. By default the server's certificate
/// must lead to an authority the system trusts, be valid today, and carry the server's name or address as a subject
/// alternative name (RFC 9525; the common name does not count, nor does OCSP). Files are read by the client's
/// constructor, which throws std::invalid_argument where one cannot be used. Thread-safe like an int.
class tls_options {
public:
  /// The SHA-256 digest of a certificate.
  using digest = std::array<unsigned char, 32>;

  tls_options() {} // user-provided on purpose: g++ 12 destroys aggregate temporaries in co_await twice

  /// The authorities of the system, the default; takes back ca_file, ca_pem, pin_sha256 and insecure_no_verification.
  tls_options& system_trust();
  /// The certificates in this PEM file are trusted, in place of the system's; an intermediate or the server's own may
  /// stand there as well as a root.
  tls_options& ca_file(std::string path) {
    ca_file_ = std::move(path);
    return *this;
  }
  /// The same from memory. Together with ca_file, both are trusted.
  tls_options& ca_pem(std::string pem) {
    ca_pem_ = std::move(pem);
    return *this;
  }
  /// Trusts the one certificate with this SHA-256 digest of its DER: 64 hex digits, with or without colons. May be
  /// called again: any of them will do. A pin *replaces* the checks of authority, name and validity: the certificate
  /// itself is what is trusted, whoever issued it and however old it is; not that of its strength. It is checked even
  /// with insecure_no_verification. \throws std::invalid_argument naming the field if the text is no such digest
  tls_options& pin_sha256(std::string_view hex);
  /// Any certificate will do: whoever can reach the network can read and change everything, credentials included.
  tls_options& insecure_no_verification() {
    insecure_ = true;
    return *this;
  }

  /// The certificate this client shows if the server asks for one: PEM, its own first, then its intermediates.
  tls_options& client_certificate_file(std::string path) {
    client_certificate_file_ = std::move(path);
    return *this;
  }
  /// The private key of that certificate: PEM, not encrypted.
  tls_options& client_key_file(std::string path) {
    client_key_file_ = std::move(path);
    return *this;
  }
  /// The same as client_certificate_file, from memory, and in place of it.
  tls_options& client_certificate_pem(std::string pem) {
    client_certificate_pem_ = std::move(pem);
    return *this;
  }
  /// The same as client_key_file, from memory, and in place of it.
  tls_options& client_key_pem(std::string pem) {
    client_key_pem_ = std::move(pem);
    return *this;
  }

  /// Certificate revocation lists, PEM. With them, a server's certificate is accepted only if a list of its issuer that
  /// is not out of date does not name it.
  tls_options& crl_file(std::string path) {
    crl_file_ = std::move(path);
    return *this;
  }
  /// Holds certificates to every word of RFC 5280. Off by default, for many private authorities do not keep to it.
  tls_options& strict_x509(bool on) {
    strict_x509_ = on;
    return *this;
  }

  /// \name What was set; an empty text was not.
  /// @{
  [[nodiscard]] std::string const& ca_file() const noexcept { return ca_file_; }
  [[nodiscard]] std::string const& ca_pem() const noexcept { return ca_pem_; }
  [[nodiscard]] std::vector<digest> const& pins() const noexcept { return pins_; }
  [[nodiscard]] bool is_insecure() const noexcept { return insecure_; }
  [[nodiscard]] std::string const& client_certificate_file() const noexcept { return client_certificate_file_; }
  [[nodiscard]] std::string const& client_key_file() const noexcept { return client_key_file_; }
  [[nodiscard]] std::string const& client_certificate_pem() const noexcept { return client_certificate_pem_; }
  [[nodiscard]] std::string const& client_key_pem() const noexcept { return client_key_pem_; }
  [[nodiscard]] std::string const& crl_file() const noexcept { return crl_file_; }
  [[nodiscard]] bool strict_x509() const noexcept { return strict_x509_; }
  /// @}

private:
  std::string ca_file_;
  std::string ca_pem_;
  std::vector<digest> pins_;
  std::string client_certificate_file_;
  std::string client_key_file_;
  std::string client_certificate_pem_;
  std::string client_key_pem_;
  std::string crl_file_;
  bool insecure_ = false;
  bool strict_x509_ = false;
};

} // namespace hvc
