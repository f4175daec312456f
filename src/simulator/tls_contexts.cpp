#include "tls_contexts.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <stdexcept>

namespace hvc::simulation {
namespace {

void must(bool done, char const* what) {
  if (done)
    return;
  char reason[256];
  ERR_error_string_n(ERR_get_error(), reason, sizeof reason);
  throw std::runtime_error(std::string(what) + ": " + reason);
}

int pick_http_1_1(SSL*, unsigned char const** out, unsigned char* size, unsigned char const* offered, unsigned length,
                  void*) {
  static constexpr unsigned char ours[] = "\x08http/1.1";
  unsigned char* picked = nullptr;
  if (SSL_select_next_proto(&picked, size, ours, sizeof ours - 1, offered, length) != OPENSSL_NPN_NEGOTIATED)
    return SSL_TLSEXT_ERR_NOACK;
  *out = picked;
  return SSL_TLSEXT_ERR_OK;
}

int pick_http_2(SSL*, unsigned char const** out, unsigned char* size, unsigned char const*, unsigned, void*) {
  static constexpr unsigned char h2[] = "h2";
  *out = h2;
  *size = sizeof h2 - 1;
  return SSL_TLSEXT_ERR_OK;
}

void set_versions(SSL_CTX* c, bool tls_1_2, bool tls_1_3) {
  must(SSL_CTX_set_min_proto_version(c, tls_1_2 ? TLS1_2_VERSION : TLS1_3_VERSION) == 1, "TLS version");
  must(SSL_CTX_set_max_proto_version(c, tls_1_3 ? TLS1_3_VERSION : TLS1_2_VERSION) == 1, "TLS version");
}

void set_identity(SSL_CTX* c, pki::identity const& who) {
  must(SSL_CTX_use_certificate(c, who.certificate()) == 1, "certificate");
  must(SSL_CTX_use_PrivateKey(c, who.key()) == 1, "private key");
  for (auto const& x : who.intermediates())
    must(SSL_CTX_add1_chain_cert(c, x.get()) == 1, "chain");
}

// What clients refuse, this server must be able to offer.
void bend(SSL_CTX* c, handshake_fault fault) {
  switch (fault) {
  case handshake_fault::old_version:
    must(SSL_CTX_set_min_proto_version(c, TLS1_VERSION) == 1, "TLS version");
    must(SSL_CTX_set_max_proto_version(c, TLS1_1_VERSION) == 1, "TLS version");
    break;
  case handshake_fault::wrong_alpn:
    SSL_CTX_set_alpn_select_cb(c, pick_http_2, nullptr);
    break;
  case handshake_fault::client_certificate_required:
    SSL_CTX_set_verify(c, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
    break;
  default:
    break;
  }
}

} // namespace

tls_contexts::tls_contexts(server_pki pki, std::vector<std::string> host_names, bool tls_1_2, bool tls_1_3)
    : pki_(std::move(pki)), host_names_(std::move(host_names)), tls_1_2_(tls_1_2), tls_1_3_(tls_1_3) {}

std::shared_ptr<ssl_ctx_st> tls_contexts::context_for(handshake_fault fault) {
  std::lock_guard const lock(mutex_);
  auto& context = made_[fault];
  if (!context)
    context = make(fault);
  return context;
}

pki::identity tls_contexts::identity_for(handshake_fault fault) const {
  auto o = certificate_for(host_names_);
  switch (fault) {
  case handshake_fault::expired:
    o.valid_from = std::chrono::hours(-48);
    o.valid_until = std::chrono::hours(-24);
    return pki_.authority.issue(o);
  case handshake_fault::not_yet_valid:
    o.valid_from = std::chrono::hours(24);
    return pki_.authority.issue(o);
  case handshake_fault::wrong_host:
    return pki_.authority.issue(certificate_for({"elsewhere.invalid"}));
  case handshake_fault::self_signed:
    return pki::self_signed(o);
  case handshake_fault::unknown_authority: { // which comes along: without it nobody could tell it from T6
    pki::certificate_options root;
    root.common_name = "nobody's authority";
    pki::authority const unknown(root);
    auto const leaf = unknown.issue(o);
    return pki::identity::from_pem(leaf.chain_pem() + unknown.certificate_pem(), leaf.key_pem());
  }
  case handshake_fault::no_intermediate: {
    auto const whole = pki_.authority.intermediate({}).issue(o);
    return pki::identity::from_pem(whole.certificate_pem(), whole.key_pem());
  }
  case handshake_fault::name_in_subject_only: {
    auto nameless = certificate_for({});
    nameless.common_name = host_names_.empty() ? "localhost" : host_names_.front();
    return pki_.authority.issue(nameless);
  }
  case handshake_fault::weak_key:
    o.key = pki::key_type::rsa;
    o.rsa_bits = 1024;
    return pki_.authority.issue(o);
  case handshake_fault::for_clients_only:
    o.extended_key_usage = "clientAuth";
    return pki_.authority.issue(o);
  default:
    return pki_.server;
  }
}

std::shared_ptr<ssl_ctx_st> tls_contexts::make(handshake_fault fault) const {
  std::shared_ptr<ssl_ctx_st> const c(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  must(c != nullptr, "TLS context");
  if (fault != handshake_fault::none)
    SSL_CTX_set_security_level(c.get(), 0);
  set_versions(c.get(), tls_1_2_, tls_1_3_);
  SSL_CTX_set_options(c.get(), SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_mode(c.get(), SSL_MODE_RELEASE_BUFFERS);
  static constexpr unsigned char session_context[] = "hvc";
  must(SSL_CTX_set_session_id_context(c.get(), session_context, sizeof session_context - 1) == 1, "session context");
  SSL_CTX_set_alpn_select_cb(c.get(), pick_http_1_1, nullptr);
  set_identity(c.get(), identity_for(fault));
  bend(c.get(), fault);
  return c;
}

} // namespace hvc::simulation
