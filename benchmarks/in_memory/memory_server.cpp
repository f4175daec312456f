#include "memory_server.hpp"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace bench {

namespace {

using private_key = std::unique_ptr<EVP_PKEY, freed_by<EVP_PKEY_free>>;
using certificate = std::unique_ptr<X509, freed_by<X509_free>>;

void add(X509* to, X509* issuer, int kind, char const* value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, to, nullptr, nullptr, 0);
  X509_EXTENSION* const extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value);
  X509_add_ext(to, extension, -1);
  X509_EXTENSION_free(extension);
}

certificate sign(EVP_PKEY* key, char const* name, X509* issuer, EVP_PKEY* issuer_key) {
  certificate c(X509_new());
  X509_set_version(c.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(c.get()), issuer == nullptr ? 1 : 2);
  X509_gmtime_adj(X509_getm_notBefore(c.get()), -3600);
  X509_gmtime_adj(X509_getm_notAfter(c.get()), 86400);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(c.get()), "CN", MBSTRING_ASC,
                             reinterpret_cast<unsigned char const*>(name), -1, -1, 0);
  X509* const by = issuer == nullptr ? c.get() : issuer;
  X509_set_issuer_name(c.get(), X509_get_subject_name(by));
  X509_set_pubkey(c.get(), key);
  add(c.get(), by, NID_basic_constraints, issuer == nullptr ? "critical,CA:TRUE" : "CA:FALSE");
  if (issuer == nullptr)
    add(c.get(), by, NID_key_usage, "critical,keyCertSign");
  else
    add(c.get(), by, NID_subject_alt_name, "IP:127.0.0.1");
  X509_sign(c.get(), issuer_key, EVP_sha256());
  return c;
}

std::string pem_of(X509* c) {
  BIO* const memory = BIO_new(BIO_s_mem());
  PEM_write_bio_X509(memory, c);
  char* bytes = nullptr;
  auto const size = static_cast<std::size_t>(BIO_get_mem_data(memory, &bytes));
  std::string text(bytes, size);
  BIO_free(memory);
  return text;
}

} // namespace

memory_server::memory_server() : context_(SSL_CTX_new(TLS_server_method())) {
  private_key const authority_key(EVP_EC_gen("P-256")), key(EVP_EC_gen("P-256"));
  certificate const authority = sign(authority_key.get(), "authority", nullptr, authority_key.get());
  certificate const own = sign(key.get(), "server", authority.get(), authority_key.get());
  SSL_CTX_use_certificate(context_.get(), own.get());
  SSL_CTX_use_PrivateKey(context_.get(), key.get());
  SSL_CTX_set_num_tickets(context_.get(), 1);
  authority_ = pem_of(authority.get());
}

memory_peer::memory_peer(memory_server const& server)
    : connection_(SSL_new(server.context())), from_client_(BIO_new(BIO_s_mem())), to_client_(BIO_new(BIO_s_mem())) {
  SSL_set_bio(connection_.get(), from_client_, to_client_);
  SSL_set_accept_state(connection_.get());
}

void memory_peer::feed(std::string_view from_client) {
  BIO_write(from_client_, from_client.data(), static_cast<int>(from_client.size()));
  if (!SSL_is_init_finished(connection_.get()))
    SSL_do_handshake(connection_.get());
}

std::string memory_peer::take() {
  char* bytes = nullptr;
  auto const size = static_cast<std::size_t>(BIO_get_mem_data(to_client_, &bytes));
  std::string taken(bytes, size);
  (void)BIO_reset(to_client_);
  return taken;
}

std::string memory_peer::read() {
  std::string plaintext;
  char some[4096];
  for (int n = 0; (n = SSL_read(connection_.get(), some, sizeof some)) > 0;)
    plaintext.append(some, static_cast<std::size_t>(n));
  return plaintext;
}

void memory_peer::write(std::string_view plaintext) {
  SSL_write(connection_.get(), plaintext.data(), static_cast<int>(plaintext.size()));
}

} // namespace bench
