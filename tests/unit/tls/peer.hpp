// The other end of a stream under test: an OpenSSL server over memory, as lenient as a test wants it, and the wire
// between the two.
#pragma once

#include "simulator/authority.hpp"
#include "tls/stream.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace hvc::tls::test {

inline constexpr char host[] = "vc.example.test";

// The settings of a server that outlives its connections; its tickets are good for its own connections only.
class server {
public:
  explicit server(pki::identity const& shown, std::function<void(SSL_CTX*)> const& adjust = {});
  [[nodiscard]] SSL_CTX* get() const noexcept { return context_.get(); }
  server& only(int version);
  server& alpn(std::string chosen); // whatever the client offers
  server& demand_certificate();

private:
  owned_context context_;
  std::shared_ptr<std::string> alpn_;
};

// One client and one server connection, and the bytes between.
class conversation {
public:
  conversation(std::shared_ptr<context> c, server const& s);

  // Carries bytes until the client's handshake has an outcome; want_input: nobody says anything any more. Every piece
  // the client gets has `piece` bytes at most.
  io handshake(std::size_t piece = std::string::npos);
  // What the client reads from all the server has sent; `end` is the last outcome.
  std::string read(std::size_t piece = std::string::npos, std::size_t into = 4096);
  io end = io::done;

  void server_writes(std::string_view plaintext);
  std::string server_reads();
  std::string server_output();     // takes the ciphertext it has not sent
  void deliver(std::string bytes); // in place of what the server sent; read() reads it
  void carry_to_server();

  stream client;
  [[nodiscard]] SSL* peer() const noexcept { return server_.get(); }

private:
  owned_connection server_;
  std::string in_flight_; // fed to the client, or yet to be
};

[[nodiscard]] std::shared_ptr<context> trusting(pki::authority const& root, std::string_view to = host);
[[nodiscard]] std::shared_ptr<context> with(tls_options const& options, std::string_view to = host);

// One root for all tests, and a good server's certificate, made once.
[[nodiscard]] pki::authority const& root();
[[nodiscard]] pki::identity const& good();

// The failure of a handshake that must fail.
[[nodiscard]] failure refused(std::shared_ptr<context> c, server const& s);
[[nodiscard]] failure refused(pki::identity const& shown, std::string_view to = host);
// The same without a server: only these bytes.
[[nodiscard]] failure refused_after(std::string_view bytes);
[[nodiscard]] bool accepted(std::shared_ptr<context> c, server const& s);
[[nodiscard]] bool accepted(pki::identity const& shown, std::string_view to = host);

} // namespace hvc::tls::test
