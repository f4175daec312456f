// Certificates through OpenSSL's X.509 functions. Every failure is an exception: without certificates no test can run.
#include "authority.hpp"

#include "hex.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <stdexcept>

namespace hvc::pki {
namespace {

template <auto Free> struct deleter {
  template <class T> void operator()(T* p) const noexcept { Free(p); }
};
template <class T, auto Free> using owned = std::unique_ptr<T, deleter<Free>>;
using owned_bio = owned<BIO, BIO_free>;

[[noreturn]] void fail(std::string what) {
  char reason[256] = "no reason given";
  if (auto const code = ERR_get_error(); code != 0)
    ERR_error_string_n(code, reason, sizeof reason);
  ERR_clear_error();
  throw std::runtime_error(what + ": " + reason);
}

template <class T> T must(T outcome, char const* what) {
  if (!outcome)
    fail(what);
  return outcome;
}

std::shared_ptr<X509> share(X509* x) { return {x, X509_free}; }
std::shared_ptr<EVP_PKEY> share(EVP_PKEY* k) { return {k, EVP_PKEY_free}; }

std::shared_ptr<EVP_PKEY> new_key(certificate_options const& o) {
  switch (o.key) {
  case key_type::ec_p256:
    return share(must(EVP_EC_gen("P-256"), "EC key"));
  case key_type::ec_p384:
    return share(must(EVP_EC_gen("P-384"), "EC key"));
  case key_type::ed25519:
    return share(must(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"), "Ed25519 key"));
  case key_type::rsa:
    return share(must(EVP_RSA_gen(static_cast<unsigned>(o.rsa_bits)), "RSA key"));
  }
  throw std::runtime_error("unknown key type");
}

std::string text_of(BIO* memory) {
  char* data = nullptr;
  auto const size = BIO_get_mem_data(memory, &data);
  return {data, static_cast<std::size_t>(size)};
}

std::string pem_of(X509* x) {
  owned_bio out{must(BIO_new(BIO_s_mem()), "memory")};
  must(PEM_write_bio_X509(out.get(), x), "writing a certificate");
  return text_of(out.get());
}

owned_bio reader_of(std::string_view text) {
  return owned_bio{must(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())), "memory")};
}

void set_random_serial(X509* x) {
  unsigned char bytes[16];
  must(RAND_bytes(bytes, sizeof bytes) == 1, "random bytes");
  bytes[0] = (bytes[0] & 0x3f) | 0x40; // positive, and always 16 bytes (RFC 5280, section 4.1.2.2)
  owned<BIGNUM, BN_free> number{must(BN_bin2bn(bytes, sizeof bytes, nullptr), "serial number")};
  must(BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(x)), "serial number");
}

void set_subject(X509* x, std::string const& common_name) {
  if (common_name.empty())
    return;
  auto* const text = reinterpret_cast<unsigned char const*>(common_name.data());
  must(X509_NAME_add_entry_by_NID(X509_get_subject_name(x), NID_commonName, MBSTRING_UTF8, text,
                                  static_cast<int>(common_name.size()), -1, 0),
       "subject");
}

void set_validity(X509* x, certificate_options const& o) {
  constexpr auto day = 24 * 3600;
  auto const set = [](ASN1_TIME* t, std::chrono::seconds s) {
    must(X509_time_adj_ex(t, static_cast<int>(s.count() / day), static_cast<long>(s.count() % day), nullptr),
         "validity");
  };
  set(X509_getm_notBefore(x), o.valid_from);
  set(X509_getm_notAfter(x), o.valid_until);
}

void add_extension(X509* x, X509* issuer, char const* name, std::string const& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, x, nullptr, nullptr, 0);
  owned<X509_EXTENSION, X509_EXTENSION_free> extension{X509V3_EXT_nconf(nullptr, &context, name, value.c_str())};
  must(extension != nullptr && X509_add_ext(x, extension.get(), -1) == 1, name);
}

// By hand, not by OpenSSL's configuration words: those can say neither a NUL nor an address as a name.
void add_names(X509* x, certificate_options const& o) {
  owned<GENERAL_NAMES, GENERAL_NAMES_free> names{must(GENERAL_NAMES_new(), "names")};
  auto const add = [&](int type, ASN1_STRING* value) {
    auto* const name = must(GENERAL_NAME_new(), "name");
    GENERAL_NAME_set0_value(name, type, value);
    must(sk_GENERAL_NAME_push(names.get(), name), "name");
  };
  for (auto const& dns : o.dns_names) {
    auto* const value = must(ASN1_IA5STRING_new(), "name");
    must(ASN1_STRING_set(value, dns.data(), static_cast<int>(dns.size())), "name");
    add(GEN_DNS, value);
  }
  for (auto const& address : o.ip_addresses)
    add(GEN_IPADD, must(a2i_IPADDRESS(address.c_str()), "address"));
  must(X509_add1_ext_i2d(x, NID_subject_alt_name, names.get(), 0, X509V3_ADD_DEFAULT) == 1, "names");
}

void add_extensions(X509* x, X509* issuer, certificate_options const& o) {
  auto const constraints = o.path_length < 0 ? std::string{} : ",pathlen:" + std::to_string(o.path_length);
  add_extension(x, issuer, "basicConstraints",
                o.certificate_authority ? "critical,CA:TRUE" + constraints : "critical,CA:FALSE");
  add_extension(x, issuer, "keyUsage",
                o.certificate_authority ? "critical,digitalSignature,keyCertSign,cRLSign"
                                        : "critical,digitalSignature");
  if (!o.extended_key_usage.empty())
    add_extension(x, issuer, "extendedKeyUsage", o.extended_key_usage);
  add_extension(x, issuer, "subjectKeyIdentifier", "hash");
  if (issuer != x)
    add_extension(x, issuer, "authorityKeyIdentifier", "keyid");
  if (!o.dns_names.empty() || !o.ip_addresses.empty())
    add_names(x, o);
  for (auto const& [name, value] : o.extensions)
    add_extension(x, issuer, name.c_str(), value);
}

EVP_MD const* digest_for(EVP_PKEY* key, std::string const& name) {
  if (EVP_PKEY_is_a(key, "ED25519"))
    return nullptr;
  return must(EVP_get_digestbyname(name.c_str()), "digest");
}

// issuer and issuer_key are null for a certificate that signs itself.
std::shared_ptr<X509> new_certificate(certificate_options const& o, EVP_PKEY* key, X509* issuer, EVP_PKEY* issuer_key) {
  auto x = share(must(X509_new(), "certificate"));
  must(X509_set_version(x.get(), o.version_1 ? X509_VERSION_1 : X509_VERSION_3), "version");
  set_random_serial(x.get());
  set_subject(x.get(), o.common_name);
  must(X509_set_issuer_name(x.get(), X509_get_subject_name(issuer ? issuer : x.get())), "issuer");
  set_validity(x.get(), o);
  must(X509_set_pubkey(x.get(), key), "public key");
  if (!o.version_1)
    add_extensions(x.get(), issuer ? issuer : x.get(), o);
  auto* const signer = issuer_key ? issuer_key : key;
  must(X509_sign(x.get(), signer, digest_for(signer, o.digest)), "signature");
  return x;
}

certificate_options as_authority(certificate_options o, std::string_view default_name) {
  if (o.common_name == certificate_options{}.common_name)
    o.common_name = default_name;
  o.certificate_authority = true;
  o.extended_key_usage.clear();
  return o;
}

} // namespace

identity identity::from_pem(std::string_view chain, std::string_view key) {
  identity made;
  auto const certificates = reader_of(chain);
  made.certificate_ = share(must(PEM_read_bio_X509(certificates.get(), nullptr, nullptr, nullptr), "certificate"));
  while (auto* const next = PEM_read_bio_X509(certificates.get(), nullptr, nullptr, nullptr))
    made.intermediates_.push_back(share(next));
  ERR_clear_error(); // the end of the text is an error to OpenSSL
  made.key_ = share(must(PEM_read_bio_PrivateKey(reader_of(key).get(), nullptr, nullptr, nullptr), "private key"));
  return made;
}

std::string identity::certificate_pem() const { return pem_of(certificate_.get()); }

std::string identity::key_pem() const {
  owned_bio out{must(BIO_new(BIO_s_mem()), "memory")};
  must(PEM_write_bio_PrivateKey(out.get(), key_.get(), nullptr, nullptr, 0, nullptr, nullptr), "writing a key");
  return text_of(out.get());
}

std::string identity::chain_pem() const {
  auto text = certificate_pem();
  for (auto const& x : intermediates_)
    text += pem_of(x.get());
  return text;
}

std::string identity::sha256() const {
  unsigned char digest[EVP_MAX_MD_SIZE];
  unsigned size = 0;
  must(X509_digest(certificate_.get(), EVP_sha256(), digest, &size), "digest");
  std::string text;
  for (unsigned i = 0; i != size; ++i) {
    if (i != 0)
      text += ':';
    text += upper_hex_digits[digest[i] >> 4];
    text += upper_hex_digits[digest[i] & 15];
  }
  return text;
}

bool identity::is_for(std::vector<std::string> const& host_names) const {
  auto* const x = certificate_.get();
  owned<GENERAL_NAMES, GENERAL_NAMES_free> const all{
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(x, NID_subject_alt_name, nullptr, nullptr))};
  auto const count = all ? static_cast<std::size_t>(sk_GENERAL_NAME_num(all.get())) : 0;
  return count == host_names.size() && std::all_of(host_names.begin(), host_names.end(), [x](std::string const& name) {
           return X509_check_host(x, name.data(), name.size(), X509_CHECK_FLAG_NO_WILDCARDS, nullptr) == 1 ||
                  X509_check_ip_asc(x, name.c_str(), 0) == 1;
         });
}

identity self_signed(certificate_options const& o) {
  identity made;
  made.key_ = new_key(o);
  made.certificate_ = new_certificate(o, made.key_.get(), nullptr, nullptr);
  return made;
}

authority::authority() : authority(certificate_options{}) {}

authority::authority(certificate_options o) : self_(self_signed(as_authority(std::move(o), "hvc test authority"))) {}

authority authority::from_pem(std::string_view certificate, std::string_view key) {
  return authority{identity::from_pem(certificate, key), true};
}

identity authority::issue(certificate_options const& o) const {
  identity made;
  made.key_ = new_key(o);
  made.certificate_ = new_certificate(o, made.key_.get(), self_.certificate(), self_.key());
  if (!root_) {
    made.intermediates_ = self_.intermediates_;
    made.intermediates_.insert(made.intermediates_.begin(), self_.certificate_);
  }
  return made;
}

authority authority::intermediate(certificate_options o) const {
  return authority{issue(as_authority(std::move(o), "hvc test intermediate")), false};
}

bool authority::has_issued(identity const& leaf) const {
  bool const signed_by_us = X509_verify(leaf.certificate(), self_.key()) == 1;
  ERR_clear_error();
  return signed_by_us;
}

std::string authority::revocation_list_pem(std::vector<identity> const& revoked) const {
  owned<X509_CRL, X509_CRL_free> list{must(X509_CRL_new(), "revocation list")};
  owned<ASN1_TIME, ASN1_TIME_free> start{must(X509_gmtime_adj(nullptr, -3600), "time")};
  owned<ASN1_TIME, ASN1_TIME_free> end{must(X509_gmtime_adj(nullptr, 24 * 3600), "time")};
  must(X509_CRL_set_version(list.get(), X509_CRL_VERSION_2), "version");
  must(X509_CRL_set_issuer_name(list.get(), X509_get_subject_name(self_.certificate())), "issuer");
  must(X509_CRL_set1_lastUpdate(list.get(), start.get()), "time");
  must(X509_CRL_set1_nextUpdate(list.get(), end.get()), "time");
  for (auto const& one : revoked) {
    auto* const entry = must(X509_REVOKED_new(), "entry");
    must(X509_REVOKED_set_serialNumber(entry, X509_get_serialNumber(one.certificate())), "serial number");
    must(X509_REVOKED_set_revocationDate(entry, start.get()), "time");
    must(X509_CRL_add0_revoked(list.get(), entry), "entry");
  }
  X509_CRL_sort(list.get());
  must(X509_CRL_sign(list.get(), self_.key(), digest_for(self_.key(), "SHA256")), "signature");
  owned_bio out{must(BIO_new(BIO_s_mem()), "memory")};
  must(PEM_write_bio_X509_CRL(out.get(), list.get()), "writing a revocation list");
  return text_of(out.get());
}

} // namespace hvc::pki
