// A certificate authority in memory, for the simulator and for tests: it issues good certificates, and bad ones on
// request. Nothing it makes comes from or goes to a file; it must not know what the certificates are for. Not for
// production.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

struct x509_st;
struct evp_pkey_st;

namespace hvc::pki {

enum class key_type { ec_p256, ec_p384, ed25519, rsa };

// What a certificate shall say. The defaults make a server's leaf that any client accepts for its names.
struct certificate_options {
  std::string common_name = "hvc test server"; // empty: no subject at all
  std::vector<std::string> dns_names = {};     // subject alternative names, byte for byte: even with a NUL inside
  std::vector<std::string> ip_addresses = {};  // the same, as 4 or 16 bytes: "127.0.0.1", "::1"
  std::chrono::seconds valid_from{-3600};      // relative to now
  std::chrono::seconds valid_until{30 * 24 * 3600};
  std::string extended_key_usage = "serverAuth"; // OpenSSL's words, "serverAuth,clientAuth"; empty: no such extension
  bool certificate_authority = false;
  int path_length = -1; // of an authority; -1: unlimited
  std::vector<std::pair<std::string, std::string>> extensions =
      {};                 // further ones: {"nameConstraints", "permitted;DNS:a.test"}
  bool version_1 = false; // no extension at all, so no names either
  key_type key = key_type::ec_p256;
  int rsa_bits = 2048;
  std::string digest = "SHA256"; // of the signature; ignored where the issuer's key is Ed25519
};

// A certificate, its key, and the intermediate certificates a server sends with it. Copies share; immutable.
class identity {
public:
  // Throws std::runtime_error, like everything here, with OpenSSL's reason.
  [[nodiscard]] static identity from_pem(std::string_view chain, std::string_view key);

  [[nodiscard]] std::string certificate_pem() const;
  [[nodiscard]] std::string key_pem() const;
  [[nodiscard]] std::string chain_pem() const; // the certificate, then the intermediates, without the root
  [[nodiscard]] std::string sha256() const;    // of the certificate: "AB:CD:...", as a pin is written
  // Whether these, names and addresses, are all the certificate names.
  [[nodiscard]] bool is_for(std::vector<std::string> const& host_names) const;

  [[nodiscard]] x509_st* certificate() const noexcept { return certificate_.get(); }
  [[nodiscard]] evp_pkey_st* key() const noexcept { return key_.get(); }
  [[nodiscard]] std::vector<std::shared_ptr<x509_st>> const& intermediates() const noexcept { return intermediates_; }

private:
  friend class authority;
  friend identity self_signed(certificate_options const& o);
  std::shared_ptr<x509_st> certificate_;
  std::shared_ptr<evp_pkey_st> key_;
  std::vector<std::shared_ptr<x509_st>> intermediates_;
};

// A leaf nobody vouches for.
[[nodiscard]] identity self_signed(certificate_options const& o);

class authority {
public:
  // A new root, named "hvc test authority" unless said otherwise, of EC P-256 unless said otherwise.
  authority();
  explicit authority(certificate_options o);
  // A root made earlier, so that a restarted server is the same server to its clients.
  [[nodiscard]] static authority from_pem(std::string_view certificate, std::string_view key);

  [[nodiscard]] identity issue(certificate_options const& o) const;
  [[nodiscard]] authority intermediate(certificate_options o) const;
  [[nodiscard]] bool has_issued(identity const& leaf) const;

  [[nodiscard]] std::string certificate_pem() const { return self_.certificate_pem(); }
  [[nodiscard]] std::string key_pem() const { return self_.key_pem(); }
  [[nodiscard]] identity const& self() const noexcept { return self_; }
  // A certificate revocation list, valid for a day.
  [[nodiscard]] std::string revocation_list_pem(std::vector<identity> const& revoked) const;

private:
  explicit authority(identity self, bool root) : self_(std::move(self)), root_(root) {}
  identity self_;
  bool root_ = true;
};

} // namespace hvc::pki
