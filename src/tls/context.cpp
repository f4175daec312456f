// The settings of an SSL_CTX, and the sessions to resume.
#include "context.hpp"

#include "pem.hpp"
#include "witness.hpp"

#include "error_builder.hpp"

#include <openssl/err.h>
#include <openssl/x509v3.h>

#include <new>

namespace hvc::tls {
namespace {

constexpr int security_level = 2;             // 112 bits: RSA of 2048, no SHA-1
constexpr long largest_certificates = 102400; // bytes of a server's certificate message
constexpr unsigned char alpn[] = "\x08http/1.1";
// Nothing without authentication or encryption, whatever the system's openssl.cnf says.
constexpr char const* ciphers = "DEFAULT:!aNULL:!eNULL:!PSK:!SRP:!DSS:!3DES:!RC4:!EXP:!LOW:!MD5";

void must(bool done) {
  if (!done)
    throw std::bad_alloc(); // nothing else can fail here
}

// The text of an option that may be given in memory or as a file; empty if neither is.
result<pem_source> source_of(std::string_view text_option, std::string const& text, std::string_view file_option,
                             std::string const& path) {
  if (!text.empty() || path.empty())
    return pem_source{text_option, {}, text};
  return pem_source::load(file_option, path);
}

result<void> add_authorities(X509_STORE* store, pem_source const& source) {
  auto const certificates = certificates_in(source);
  if (!certificates)
    return certificates.error();
  for (auto const& one : *certificates) {
    // Now, not in the first handshake: OpenSSL looks once, and one that it lacked the memory for stays bad for ever.
    X509_check_purpose(one.get(), -1, 0);
    if (X509_STORE_add_cert(store, one.get()) != 1)
      return source.refused(words_of(take_error()));
  }
  return {};
}

} // namespace

result<std::shared_ptr<context>> context::make(tls_options const& options, std::string_view host) {
  auto server = server_name::parse(host);
  if (!server)
    return server.error();
  ERR_clear_error();
  owned_context raw{SSL_CTX_new(TLS_client_method())};
  must(raw != nullptr);
  std::shared_ptr<context> made{new context(std::move(raw), std::move(*server), options.pins())};
  made->set_protocol();
  if (auto done = made->set_trust(options); !done)
    return done.error();
  if (auto done = made->set_revocation_lists(options); !done)
    return done.error();
  if (auto done = made->set_client_certificate(options); !done)
    return done.error();
  return made;
}

void context::set_protocol() {
  auto* const c = context_.get();
  must(SSL_CTX_set_min_proto_version(c, TLS1_2_VERSION) == 1);
  must(SSL_CTX_set_max_proto_version(c, TLS1_3_VERSION) == 1);
  SSL_CTX_set_security_level(c, security_level);
  must(SSL_CTX_set_cipher_list(c, ciphers) == 1);
  SSL_CTX_set_options(c, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  // A connection cut without close_notify must show as such (RFC 9112, section 9.8), whatever openssl.cnf says.
  SSL_CTX_clear_options(c, SSL_OP_IGNORE_UNEXPECTED_EOF | SSL_OP_ALLOW_UNSAFE_LEGACY_RENEGOTIATION |
                               SSL_OP_LEGACY_SERVER_CONNECT);
  // An idle connection keeps no buffer, nor do a thousand that wait for their replies.
  SSL_CTX_set_mode(c, SSL_MODE_RELEASE_BUFFERS);
  SSL_CTX_set_max_cert_list(c, largest_certificates);
  must(SSL_CTX_set_alpn_protos(c, alpn, sizeof alpn - 1) == 0); // 0 is success here
  SSL_CTX_set_session_cache_mode(c, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL);
  SSL_CTX_sess_set_new_cb(c, on_session);
  SSL_CTX_set_app_data(c, this);
  install_witness(c);
}

result<void> context::set_trust(tls_options const& options) {
  auto* const c = context_.get();
  if (!pins_.empty() || options.is_insecure()) {
    verify_by_pins(c, pins_);
    return {};
  }
  auto* const parameters = SSL_CTX_get0_param(c);
  X509_VERIFY_PARAM_set_hostflags(parameters,
                                  X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  must(X509_VERIFY_PARAM_set_purpose(parameters, X509_PURPOSE_SSL_SERVER) == 1);
  if (options.strict_x509())
    must(X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_X509_STRICT) == 1);
  if (options.ca_file().empty() && options.ca_pem().empty()) {
    must(SSL_CTX_set_default_verify_paths(c) == 1);
    return {};
  }
  // What the user names is trusted as it is, even if it is no root.
  must(X509_VERIFY_PARAM_set_flags(parameters, X509_V_FLAG_PARTIAL_CHAIN) == 1);
  auto* const store = SSL_CTX_get_cert_store(c);
  if (!options.ca_file().empty()) {
    auto const source = pem_source::load("ca_file", options.ca_file());
    if (!source)
      return source.error();
    if (auto done = add_authorities(store, *source); !done)
      return done;
  }
  if (!options.ca_pem().empty())
    return add_authorities(store, {"ca_pem", {}, options.ca_pem()});
  return {};
}

result<void> context::set_revocation_lists(tls_options const& options) {
  if (options.crl_file().empty())
    return {};
  auto const source = pem_source::load("crl_file", options.crl_file());
  if (!source)
    return source.error();
  auto const lists = revocation_lists_in(*source);
  if (!lists)
    return lists.error();
  for (auto const& one : *lists)
    if (X509_STORE_add_crl(SSL_CTX_get_cert_store(context_.get()), one.get()) != 1)
      return source->refused(words_of(take_error()));
  must(X509_VERIFY_PARAM_set_flags(SSL_CTX_get0_param(context_.get()), X509_V_FLAG_CRL_CHECK) == 1);
  return {};
}

result<void> context::set_client_certificate(tls_options const& options) {
  auto const certificate = source_of("client_certificate_pem", options.client_certificate_pem(),
                                     "client_certificate_file", options.client_certificate_file());
  if (!certificate)
    return certificate.error();
  auto const key = source_of("client_key_pem", options.client_key_pem(), "client_key_file", options.client_key_file());
  if (!key)
    return key.error();
  if (certificate->text.empty() && certificate->path.empty() && key->text.empty() && key->path.empty())
    return {};
  auto chain = certificates_in(*certificate);
  if (!chain)
    return chain.error();
  auto const secret = key_in(*key);
  if (!secret)
    return secret.error();

  auto* const c = context_.get();
  if (SSL_CTX_use_certificate(c, chain->front().get()) != 1)
    return certificate->refused(words_of(take_error()));
  for (std::size_t i = 1; i != chain->size(); ++i)
    if (SSL_CTX_add1_chain_cert(c, (*chain)[i].get()) != 1)
      return certificate->refused(words_of(take_error()));
  if (SSL_CTX_use_PrivateKey(c, secret->get()) != 1 || SSL_CTX_check_private_key(c) != 1)
    return key->refused("not the key of the client certificate: " + words_of(take_error()));
  shows_certificate_ = true;
  return {};
}

owned_connection context::connection() {
  ERR_clear_error();
  owned_connection made{SSL_new(context_.get())};
  must(made != nullptr);
  SSL_set_connect_state(made.get());
  must(ERR_peek_error() == 0); // the function above allocates since OpenSSL 3.2, and has no other way to tell
  auto* const parameters = SSL_get0_param(made.get());
  if (server_.is_address) {
    must(X509_VERIFY_PARAM_set1_ip_asc(parameters, server_.text.c_str()) == 1);
  } else {
    must(X509_VERIFY_PARAM_set1_host(parameters, server_.text.data(), server_.text.size()) == 1);
    must(SSL_set_tlsext_host_name(made.get(), server_.text.c_str()) == 1);
  }
  if (auto const session = take_session())
    must(SSL_set_session(made.get(), session.get()) == 1);
  return made;
}

int context::on_session(SSL* connection, SSL_SESSION* session) noexcept {
  try {
    static_cast<context*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(connection)))->keep(session);
  } catch (std::bad_alloc const&) { // then there is nothing to resume
  }
  return 0; // the reference stays the connection's
}

// Copies: OpenSSL marks the session of a connection that ends without close_notify as not resumable.
void context::keep(SSL_SESSION* session) {
  owned_session copy{SSL_SESSION_dup(session)};
  if (!copy)
    return;
  std::scoped_lock const lock(mutex_);
  if (sessions_.size() == most_sessions)
    sessions_.erase(sessions_.begin());
  sessions_.push_back(std::move(copy));
}

// A ticket of TLS 1.3 is used once, lest an onlooker link two connections (RFC 8446, appendix C.4). One of TLS 1.2
// lasts, and is copied, for two connections must not share one.
owned_session context::take_session() noexcept {
  std::scoped_lock const lock(mutex_);
  while (!sessions_.empty()) {
    auto& newest = sessions_.back();
    if (!SSL_SESSION_is_resumable(newest.get())) {
      sessions_.pop_back();
      continue;
    }
    if (SSL_SESSION_get_protocol_version(newest.get()) < TLS1_3_VERSION)
      return owned_session{SSL_SESSION_dup(newest.get())};
    auto taken = std::move(newest);
    sessions_.pop_back();
    return taken;
  }
  return nullptr;
}

void context::forget_sessions() noexcept {
  std::scoped_lock const lock(mutex_);
  sessions_.clear();
}

} // namespace hvc::tls
