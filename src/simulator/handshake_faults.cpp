#include "faults.hpp"

#include <array>

namespace hvc::simulation {

std::span<fault const> handshake_faults() noexcept {
  using enum handshake_fault;
  static constexpr std::array table{
      fault{"reset-in-handshake", "C8", "RST after the ClientHello, as a proxy over its connection limit", reset},
      fault{"refuse", "", "RST as soon as the connection is accepted", refuse},
      fault{"silent-handshake", "C9 T13", "accepts, and never says a word", silence},
      fault{"plain-http", "T32", "answers the ClientHello with HTTP in clear", plain_http},
      fault{"expired", "T1", "a certificate that has expired", expired},
      fault{"not-yet-valid", "T2", "a certificate of tomorrow", not_yet_valid},
      fault{"wrong-host", "T3", "a certificate for another host", wrong_host},
      fault{"self-signed", "T4", "a certificate that signs itself", self_signed},
      fault{"untrusted-root", "T5", "a certificate of an authority nobody knows", unknown_authority},
      fault{"no-intermediate", "T6", "a chain without its intermediate certificate", no_intermediate},
      fault{"name-in-subject", "T8", "the host only in the subject's common name", name_in_subject_only},
      fault{"weak-key", "T16", "an RSA key of 1024 bits", weak_key},
      fault{"for-clients-only", "T17", "a certificate made for client authentication only", for_clients_only},
      fault{"old-tls", "T14", "TLS 1.1 at most", old_version},
      fault{"client-certificate", "T22", "asks for a client certificate, and takes none", client_certificate_required},
      fault{"alpn-h2", "T30", "picks HTTP/2, offered or not", wrong_alpn},
  };
  return table;
}

} // namespace hvc::simulation
