// OpenSSL's callbacks.
#include "witness.hpp"

#include "certificate.hpp"

#include <algorithm>

namespace hvc::tls {
namespace {

constexpr int least_strength = 112; // bits, as security level 2 asks

witness* witness_of(SSL const* connection) noexcept { return static_cast<witness*>(SSL_get_app_data(connection)); }

witness* witness_of(X509_STORE_CTX* chain) noexcept {
  auto const* const connection =
      static_cast<SSL const*>(X509_STORE_CTX_get_ex_data(chain, SSL_get_ex_data_X509_STORE_CTX_idx()));
  return connection ? witness_of(connection) : nullptr;
}

owned_certificate share(X509* certificate) noexcept {
  if (certificate)
    X509_up_ref(certificate);
  return owned_certificate{certificate};
}

void note_refusal(X509_STORE_CTX* chain) noexcept {
  auto* const w = witness_of(chain);
  if (!w || w->refused.code != X509_V_OK)
    return;
  w->refused.code = X509_STORE_CTX_get_error(chain);
  w->refused.depth = X509_STORE_CTX_get_error_depth(chain);
  w->refused.leaf = share(X509_STORE_CTX_get0_cert(chain));
  w->refused.fault = share(X509_STORE_CTX_get_current_cert(chain));
}

int on_verification(int accepted, X509_STORE_CTX* chain) noexcept {
  if (!accepted)
    note_refusal(chain);
  return accepted;
}

// A pin on a key that can be broken protects nothing, so its strength is still asked for.
int verdict_of_pins(std::vector<tls_options::digest> const& pins, X509* leaf) noexcept {
  if (std::ranges::find(pins, digest_of(leaf)) == pins.end())
    return X509_V_ERR_APPLICATION_VERIFICATION;
  auto const* const key = X509_get0_pubkey(leaf);
  return key && EVP_PKEY_get_security_bits(key) >= least_strength ? X509_V_OK : X509_V_ERR_EE_KEY_TOO_SMALL;
}

int check_pins(X509_STORE_CTX* chain, void* argument) noexcept {
  auto const& pins = *static_cast<std::vector<tls_options::digest> const*>(argument);
  auto const code = pins.empty() ? X509_V_OK : verdict_of_pins(pins, X509_STORE_CTX_get0_cert(chain));
  X509_STORE_CTX_set_error(chain, code);
  if (code == X509_V_OK)
    return 1;
  note_refusal(chain);
  return 0;
}

// Without a certificate, TLS goes on without one: the server may only have wished for it.
int on_certificate_request(SSL* connection, void*) noexcept {
  if (auto* const w = witness_of(connection))
    w->certificate_requested = true;
  return 1;
}

void count_record(witness& w, std::size_t body) noexcept {
  ++w.idle_records;
  w.idle_bytes += body;
  if (w.idle_records > witness::most_idle_records || w.idle_bytes > witness::most_idle_bytes)
    w.flooded = w.wire.cut = true;
}

// Called for every record and every handshake message. TLS 1.2 has no handshake message after the handshake but
// HelloRequest, which asks for a renegotiation (RFC 5246, section 7.4.1.1); OpenSSL only declines, and would do so for
// ever.
void on_message(int written, int version, int type, void const* data, std::size_t size, SSL* connection,
                void*) noexcept {
  auto* const w = witness_of(connection);
  if (written || !w)
    return;
  if (type == SSL3_RT_HEADER && size >= SSL3_RT_HEADER_LENGTH) {
    auto const* const header = static_cast<unsigned char const*>(data);
    count_record(*w, std::size_t{header[3]} << 8 | header[4]);
  } else if (type == SSL3_RT_HANDSHAKE && w->established && version <= TLS1_2_VERSION) {
    w->renegotiation = w->wire.cut = true;
  } else if (type == SSL3_RT_HANDSHAKE && size != 0 && *static_cast<unsigned char const*>(data) == SSL3_MT_KEY_UPDATE &&
             ++w->key_updates > witness::most_key_updates) {
    w->flooded = w->wire.cut = true;
  }
}

// OpenSSL 3.0 has releases that fail the handshake with no telling error when an answer to ALPN was not offered, and
// releases that accept it. The answer is a list of one (RFC 7301, section 3.1).
void on_extension(SSL* connection, int, int type, unsigned char const* data, int size, void*) noexcept {
  constexpr std::string_view ours("\x00\x09\x08http/1.1", 11);
  auto* const w = witness_of(connection);
  if (w && type == TLSEXT_TYPE_application_layer_protocol_negotiation)
    w->chose_unoffered = std::string_view(reinterpret_cast<char const*>(data), static_cast<std::size_t>(size)) != ours;
}

} // namespace

void install_witness(SSL_CTX* context) {
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, on_verification);
  SSL_CTX_set_cert_cb(context, on_certificate_request, nullptr);
  SSL_CTX_set_msg_callback(context, on_message);
}

void attach(SSL* connection, witness& w) noexcept {
  SSL_set_app_data(connection, &w);
  SSL_set_tlsext_debug_callback(connection, on_extension);
}

void verify_by_pins(SSL_CTX* context, std::vector<tls_options::digest> const& pins) {
  auto* const argument = const_cast<std::vector<tls_options::digest>*>(&pins); // OpenSSL's void*, only read
  SSL_CTX_set_cert_verify_callback(context, check_pins, argument);
}

} // namespace hvc::tls
