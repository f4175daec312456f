// What all TLS connections to one server share: whom to trust, what to show, which protocol to speak, and the sessions
// to resume. Thread-safe; immutable but for the sessions. Opens nothing: the files of the options are read in make().
#pragma once

#include "openssl.hpp"
#include "server_name.hpp"

#include <hvc/result.hpp>
#include <hvc/tls_options.hpp>

#include <memory>
#include <mutex>
#include <string_view>
#include <vector>

namespace hvc::tls {

class context {
public:
  // host: a DNS name, or an address without brackets. Fails with invalid_argument, the reason naming the option, or
  // "server" for the host.
  [[nodiscard]] static result<std::shared_ptr<context>> make(tls_options const& options, std::string_view host);

  context(context const&) = delete;
  context& operator=(context const&) = delete;

  // A connection that will verify this server, and resumes a session if there is one. Throws std::bad_alloc.
  [[nodiscard]] owned_connection connection();
  // After a handshake that failed: what it may have tried to resume is not tried again.
  void forget_sessions() noexcept;

  [[nodiscard]] server_name const& server() const noexcept { return server_; }
  [[nodiscard]] bool shows_certificate() const noexcept { return shows_certificate_; }

private:
  // A server sends two tickets or so a connection; as many are kept as a pool opens connections at a time.
  static constexpr std::size_t most_sessions = 64;

  context(owned_context c, server_name server, std::vector<tls_options::digest> pins) noexcept
      : server_(std::move(server)), pins_(std::move(pins)), context_(std::move(c)) {}
  void set_protocol();
  result<void> set_trust(tls_options const& options);
  result<void> set_revocation_lists(tls_options const& options);
  result<void> set_client_certificate(tls_options const& options);

  static int on_session(SSL* connection, SSL_SESSION* session) noexcept;
  void keep(SSL_SESSION* session);
  [[nodiscard]] owned_session take_session() noexcept;

  server_name const server_;
  std::vector<tls_options::digest> const pins_;
  owned_context const context_;
  bool shows_certificate_ = false;

  std::mutex mutex_;
  std::vector<owned_session> sessions_; // the newest last
};

} // namespace hvc::tls
