#include "peer.hpp"

#include "catch.hpp"

#include <openssl/err.h>

namespace hvc::tls::test {

server::server(pki::identity const& shown, std::function<void(SSL_CTX*)> const& adjust)
    : context_(SSL_CTX_new(TLS_server_method())) {
  auto* const c = context_.get();
  SSL_CTX_set_security_level(c, 0);
  SSL_CTX_set_min_proto_version(c, TLS1_VERSION);
  SSL_CTX_set_session_id_context(c, reinterpret_cast<unsigned char const*>("test"), 4);
  REQUIRE(SSL_CTX_use_certificate(c, shown.certificate()) == 1);
  REQUIRE(SSL_CTX_use_PrivateKey(c, shown.key()) == 1);
  for (auto const& one : shown.intermediates())
    REQUIRE(SSL_CTX_add1_chain_cert(c, one.get()) == 1);
  if (adjust)
    adjust(c);
}

server& server::only(int version) {
  SSL_CTX_set_min_proto_version(context_.get(), version);
  SSL_CTX_set_max_proto_version(context_.get(), version);
  return *this;
}

server& server::alpn(std::string chosen) {
  alpn_ = std::make_shared<std::string>(std::move(chosen));
  auto const choose = [](SSL*, unsigned char const** out, unsigned char* size, unsigned char const*, unsigned,
                         void* arg) {
    auto const& name = *static_cast<std::string const*>(arg);
    *out = reinterpret_cast<unsigned char const*>(name.data());
    *size = static_cast<unsigned char>(name.size());
    return SSL_TLSEXT_ERR_OK;
  };
  SSL_CTX_set_alpn_select_cb(context_.get(), choose, alpn_.get());
  return *this;
}

server& server::demand_certificate() {
  SSL_CTX_set_verify(context_.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  X509_STORE_add_cert(SSL_CTX_get_cert_store(context_.get()), root().self().certificate());
  return *this;
}

conversation::conversation(std::shared_ptr<context> c, server const& s)
    : client(std::move(c)), server_(SSL_new(s.get())) {
  SSL_set_bio(server_.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
  SSL_set_accept_state(server_.get());
}

void conversation::carry_to_server() {
  auto const bytes = client.output();
  if (!bytes.empty())
    BIO_write(SSL_get_rbio(server_.get()), bytes.data(), static_cast<int>(bytes.size()));
  client.consume_output(bytes.size());
}

std::string conversation::server_output() {
  char* data = nullptr;
  auto const size = BIO_get_mem_data(SSL_get_wbio(server_.get()), &data);
  std::string bytes(data, static_cast<std::size_t>(size));
  (void)BIO_reset(SSL_get_wbio(server_.get()));
  return bytes;
}

io conversation::handshake(std::size_t piece) {
  std::size_t at = 0;
  for (;;) {
    auto const outcome = client.handshake();
    carry_to_server();
    ERR_clear_error();
    SSL_do_handshake(server_.get());
    ERR_clear_error();
    if (outcome != io::want_input) {
      in_flight_.erase(0, at);
      if (outcome == io::done && !client.input_left())
        client.feed({});
      return outcome;
    }
    if (at == in_flight_.size()) {
      in_flight_ = server_output();
      at = 0;
      if (in_flight_.empty())
        return outcome;
    }
    auto const n = std::min(piece, in_flight_.size() - at);
    client.feed(std::span(in_flight_).subspan(at, n));
    at += n;
  }
}

std::string conversation::read(std::size_t piece, std::size_t into) {
  std::string plaintext;
  std::string buffer(into, '\0');
  auto const drain = [&] {
    do {
      std::size_t n = 0;
      end = client.read(buffer, n);
      plaintext.append(buffer, 0, n);
    } while (end == io::done && client.input_left());
  };
  if (client.input_left())
    drain();
  in_flight_ += server_output();
  auto const bytes = std::exchange(in_flight_, {});
  for (std::size_t at = 0; at < bytes.size() && end != io::failed && end != io::closed;) {
    auto const n = std::min(piece, bytes.size() - at);
    client.feed(std::span(bytes).subspan(at, n));
    at += n;
    drain();
  }
  client.feed({});
  return plaintext;
}

void conversation::deliver(std::string bytes) {
  server_output();
  in_flight_ = std::move(bytes);
}

void conversation::server_writes(std::string_view plaintext) {
  REQUIRE(SSL_write(server_.get(), plaintext.data(), static_cast<int>(plaintext.size())) > 0);
}

std::string conversation::server_reads() {
  carry_to_server();
  std::string plaintext;
  char buffer[4096];
  for (;;) {
    ERR_clear_error();
    auto const n = SSL_read(server_.get(), buffer, sizeof buffer);
    if (n <= 0)
      return plaintext;
    plaintext.append(buffer, static_cast<std::size_t>(n));
  }
}

std::shared_ptr<context> with(tls_options const& options, std::string_view to) {
  auto made = context::make(options, to);
  if (!made)
    FAIL(made.error().message());
  return *made;
}

std::shared_ptr<context> trusting(pki::authority const& r, std::string_view to) {
  return with(tls_options().ca_pem(r.certificate_pem()), to);
}

pki::authority const& root() {
  static pki::authority const made;
  return made;
}

pki::identity const& good() {
  static pki::identity const made = root().issue({.dns_names = {host}});
  return made;
}

failure refused(std::shared_ptr<context> c, server const& s) {
  conversation l(std::move(c), s);
  auto outcome = l.handshake();
  if (outcome == io::done) {
    l.read();
    outcome = l.end;
  }
  REQUIRE(outcome == io::failed);
  return l.client.take_failure();
}

failure refused(pki::identity const& shown, std::string_view to) {
  return refused(trusting(root(), to), server(shown));
}

failure refused_after(std::string_view bytes) {
  stream client(trusting(root()));
  REQUIRE(client.handshake() == io::want_input);
  client.feed(bytes);
  REQUIRE(client.handshake() == io::failed);
  return client.take_failure();
}

bool accepted(std::shared_ptr<context> c, server const& s) {
  return conversation(std::move(c), s).handshake() == io::done;
}

bool accepted(pki::identity const& shown, std::string_view to) { return accepted(trusting(root(), to), server(shown)); }

} // namespace hvc::tls::test
