// What OpenSSL tells only through callbacks while a connection is used, kept until the stream asks: the first fault
// found in a certificate, whether the peer asked for ours, and how much it made us work for nothing.
#pragma once

#include "ciphertext.hpp"

#include <hvc/tls_options.hpp>

#include <vector>

namespace hvc::tls {

// The first reason not to accept a certificate; later ones follow from it.
struct refusal {
  int code = X509_V_OK;    // X509_V_ERR_APPLICATION_VERIFICATION: no pin matches
  int depth = 0;           // 0: the server's own certificate
  owned_certificate leaf;  // the server's own
  owned_certificate fault; // the one at fault, may be null
};

struct witness {
  // More records in a row than this without a byte of plaintext is no traffic but an attack: a handshake of 100 KB of
  // certificates takes 7 full records, a server's tickets two or a few.
  static constexpr unsigned most_idle_records = 128;
  static constexpr std::size_t most_idle_bytes = 256 * 1024;

  // Of a connection, whatever comes between them: each may have us keep an answer ready (RFC 8446, section 4.6.3), and
  // nobody who reads none has so many keys to wear out.
  static constexpr unsigned most_key_updates = 1024;

  explicit witness(ciphertext& c) noexcept : wire(c) {}

  ciphertext& wire;
  refusal refused;
  unsigned idle_records = 0; // since the last plaintext
  std::size_t idle_bytes = 0;
  unsigned key_updates = 0;
  bool established = false;
  bool certificate_requested = false;
  bool chose_unoffered = false; // another protocol than ours, by ALPN
  bool flooded = false;
  bool renegotiation = false;

  void plaintext_came() noexcept { idle_records = 0, idle_bytes = 0; }
};

// Makes every connection of the context report to the witness given to attach().
void install_witness(SSL_CTX* context);
void attach(SSL* connection, witness& w) noexcept;
// Replaces the checks of authority, name and validity: one of the pins must match, or, without pins, anything will do.
// The pins must outlive the context.
void verify_by_pins(SSL_CTX* context, std::vector<tls_options::digest> const& pins);

} // namespace hvc::tls
