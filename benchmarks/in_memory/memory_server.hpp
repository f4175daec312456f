// A TLS server in this process's memory, with a certificate for 127.0.0.1 of an authority of its own: the other end for
// programs that count a client's cost without a socket.
#pragma once

#include <openssl/ssl.h>

#include <memory>
#include <string>
#include <string_view>

namespace bench {

template <auto Free> struct freed_by {
  template <class T> void operator()(T* p) const noexcept { Free(p); }
};

class memory_server {
public:
  memory_server();
  [[nodiscard]] std::string const& authority_pem() const noexcept { return authority_; }
  [[nodiscard]] SSL_CTX* context() const noexcept { return context_.get(); }

private:
  std::unique_ptr<SSL_CTX, freed_by<SSL_CTX_free>> context_;
  std::string authority_;
};

// One connection of it.
class memory_peer {
public:
  explicit memory_peer(memory_server const& server);

  /// What the client sent. Goes on with the handshake where that is not over.
  void feed(std::string_view from_client);
  /// What the client is to be given; empty if nothing.
  [[nodiscard]] std::string take();
  /// The plaintext of what was fed so far. After the handshake.
  [[nodiscard]] std::string read();
  void write(std::string_view plaintext);

private:
  std::unique_ptr<SSL, freed_by<SSL_free>> connection_;
  BIO* from_client_; // owned by the connection, like the next
  BIO* to_client_;
};

} // namespace bench
