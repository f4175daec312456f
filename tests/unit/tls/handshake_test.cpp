// Handshakes that fail for other reasons than the certificate, and the words they fail with.
#include "peer.hpp"

#include "catch.hpp"

#include <openssl/dh.h>
#include <openssl/evp.h>

using namespace hvc::tls::test;
using hvc::error_kind;
using hvc::pki::self_signed;
using hvc::tls::io;

namespace {

std::string record(char type, std::string_view body, char minor = 3) {
  std::string bytes{type, 3, minor, static_cast<char>(body.size() >> 8), static_cast<char>(body.size() & 0xff)};
  return bytes.append(body);
}

// A ServerHello that picks this suite (RFC 5246, section 7.4.1.3).
std::string server_hello(char minor, char suite_high, char suite_low) {
  std::string body{3, minor};
  body.append(32, 'r').append({0, suite_high, suite_low, 0});
  std::string message{2, 0, 0, static_cast<char>(body.size())};
  return record(22, message + body, minor);
}

hvc::failure refused_with_ciphers(char const* list) {
  server s(good(), [&](SSL_CTX* c) { REQUIRE(SSL_CTX_set_cipher_list(c, list) == 1); });
  return refused(trusting(root()), s.only(TLS1_2_VERSION));
}

EVP_PKEY* short_dh_parameters() {
  EVP_PKEY* made = nullptr;
  auto* const maker = EVP_PKEY_CTX_new_from_name(nullptr, "DH", nullptr);
  EVP_PKEY_paramgen_init(maker);
  EVP_PKEY_CTX_set_dh_paramgen_prime_len(maker, 512);
  REQUIRE(EVP_PKEY_paramgen(maker, &made) == 1);
  EVP_PKEY_CTX_free(maker);
  return made;
}

} // namespace

TEST_CASE("T14 a server of TLS 1.0 or 1.1 is refused for its version") {
  for (auto const version : {TLS1_VERSION, TLS1_1_VERSION}) {
    server s(good());
    auto const f = refused(trusting(root()), s.only(version));
    CHECK(f.kind == error_kind::tls_handshake);
    CHECK(f.reason == "version");
    CHECK(f.code.failed());
  }
}

TEST_CASE("T14 a ServerHello of SSL 3 or TLS 1.1 is refused for its version") {
  CHECK(refused_after(server_hello(0, 0, 0x2f)).reason == "version");
  CHECK(refused_after(server_hello(2, 0, 0x2f)).reason == "version");
}

TEST_CASE("T15 ciphers without encryption or authentication are not offered") {
  for (auto const* const list : {"eNULL:@SECLEVEL=0", "aNULL:@SECLEVEL=0", "PSK:@SECLEVEL=0"}) {
    auto const f = refused_with_ciphers(list);
    CAPTURE(list, f.text);
    CHECK(f.kind == error_kind::tls_handshake);
    CHECK(f.reason == "no_cipher");
  }
}

TEST_CASE("T15 a server that picks RC4, 3DES, an export or an anonymous suite all the same is refused") {
  struct suite {
    char high, low;
  };
  for (auto const s : {suite{0, 0x05}, suite{0, 0x0a}, suite{0, 0x03}, suite{0, 0x34}, suite{0, 0x01}}) {
    CAPTURE(int{s.low});
    auto const f = refused_after(server_hello(3, s.high, s.low));
    CHECK(f.kind == error_kind::tls_handshake);
    CHECK(f.reason == "no_cipher");
  }
}

TEST_CASE("T15 a Diffie-Hellman group of 512 bits is refused as weak") {
  hvc::pki::authority const rsa({.key = hvc::pki::key_type::rsa});
  server s(rsa.issue({.dns_names = {host}, .key = hvc::pki::key_type::rsa}), [](SSL_CTX* c) {
    SSL_CTX_set_cipher_list(c, "DHE-RSA-AES128-GCM-SHA256:@SECLEVEL=0");
    SSL_CTX_set_security_callback(c, [](auto...) { return 1; });
    REQUIRE(SSL_CTX_set0_tmp_dh_pkey(c, short_dh_parameters()) == 1);
  });
  auto const f = refused(trusting(rsa), s.only(TLS1_2_VERSION));
  CAPTURE(f.text);
  CHECK(f.kind == error_kind::tls_handshake);
  CHECK(f.reason == "weak_key");
}

TEST_CASE("T30 a server that picks a protocol we did not offer is refused") {
  for (auto const version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    server s(good());
    auto const f = refused(trusting(root()), s.only(version).alpn("h2"));
    CHECK(f.kind == error_kind::protocol);
    CHECK(f.reason == "alpn");
  }
}

TEST_CASE("T30 http/1.1 is accepted, and so is a server without ALPN") {
  server s(good());
  CHECK(accepted(trusting(root()), s));
  CHECK(accepted(trusting(root()), s.alpn("http/1.1")));
}

TEST_CASE("T32 a server that answers plain HTTP is told as such") {
  auto const f = refused_after("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
  CHECK(f.kind == error_kind::tls_handshake);
  CHECK(f.reason == "not_tls");
  CHECK(f.text.find("plain HTTP") != std::string::npos);
  CHECK(refused_after("SSH-2.0-OpenSSH_9.2\r\n").reason == "not_tls");
  CHECK(refused_after(std::string(64, '\0')).reason == "not_tls");
}

TEST_CASE("an alert of the server is told in its own words") {
  auto const f = refused_after(record(21, std::string{2, 80}));
  CHECK(f.kind == error_kind::tls_handshake);
  CHECK(f.reason == "alert");
  CHECK(f.text.find("internal error") != std::string::npos);
  CHECK(refused_after(record(21, std::string{2, 70})).reason == "version");
  CHECK(refused_after(record(21, std::string{2, 40})).reason == "no_cipher");
  CHECK(refused_after(record(21, std::string{2, 116})).reason == "client_cert_required");
}

TEST_CASE("nonsense in the handshake fails it") {
  for (auto const& bytes : {record(22, std::string(40, 'x')), record(23, "hello"), record(22, std::string{2, 0, 0, 0}),
                            std::string("\x16\x03\x03\xff\xff") + std::string(70'000, 'x')}) {
    auto const f = refused_after(bytes);
    CHECK(f.kind == error_kind::tls_handshake);
    CHECK_FALSE(f.text.empty());
  }
}

TEST_CASE("T29 a flood of empty records does not hold a handshake open") {
  std::string flood;
  for (int i = 0; i != 10'000; ++i)
    flood += record(22, "");
  auto const f = refused_after(flood);
  CHECK((f.kind == error_kind::tls_handshake || f.kind == error_kind::protocol));
}

TEST_CASE("a failed handshake stays failed, leaves an alert to send, and sends no plaintext") {
  server const s(self_signed({.dns_names = {host}}));
  conversation l(trusting(root()), s);
  REQUIRE(l.client.handshake() == io::want_input);
  l.carry_to_server();
  SSL_do_handshake(l.peer());
  auto const flight = l.server_output();
  l.client.feed(flight);
  CHECK(l.client.handshake() == io::failed);
  CHECK_FALSE(l.client.output().empty());
  CHECK(l.client.handshake() == io::failed);
  CHECK(l.client.write(std::string_view("secret")) == io::failed);
  std::size_t n = 1;
  char buffer[16];
  CHECK(l.client.read(buffer, n) == io::failed);
  CHECK(n == 0);
  CHECK_FALSE(l.client.input_left());
}
