// OpenSSL contexts of a server: an honest one, and one for each fault of the handshake that TLS itself shows. Knows no
// connection.
#pragma once

#include "faults.hpp"
#include "pki_store.hpp"

#include <map>
#include <memory>
#include <mutex>

struct ssl_ctx_st;

namespace hvc::simulation {

class tls_contexts {
public:
  // Throws std::runtime_error, with OpenSSL's reason.
  tls_contexts(server_pki pki, std::vector<std::string> host_names, bool tls_1_2, bool tls_1_3);

  // Made when first asked for. Thread-safe.
  [[nodiscard]] std::shared_ptr<ssl_ctx_st> context_for(handshake_fault fault);

private:
  [[nodiscard]] pki::identity identity_for(handshake_fault fault) const;
  [[nodiscard]] std::shared_ptr<ssl_ctx_st> make(handshake_fault fault) const;

  server_pki pki_;
  std::vector<std::string> host_names_;
  bool tls_1_2_;
  bool tls_1_3_;
  std::mutex mutex_;
  std::map<handshake_fault, std::shared_ptr<ssl_ctx_st>> made_;
};

} // namespace hvc::simulation
