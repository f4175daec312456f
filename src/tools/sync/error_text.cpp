#include "error_text.hpp"

#include "text.hpp"
#include "times.hpp"

#include <algorithm>

namespace hvc::tools {

namespace {

bool has_message(error const& e, std::string_view id) {
  auto const standard = e.standard();
  return standard && std::any_of(standard->messages.begin(), standard->messages.end(),
                                 [id](localizable_message const& m) { return m.id == id; });
}

std::string untrusted_hint(error const& e) {
  std::string const fingerprint(e.certificate_sha256());
  if (fingerprint.empty())
    return "trust the server's authority with --ca-file FILE";
  std::string hint = "the server's certificate has the SHA-256 fingerprint\n  " + fingerprint + "\n";
  if (e.reason() == "host_mismatch")
    hint += "ask under a name the certificate holds, or, ";
  return hint +
         "if that is the server you mean, trust its authority with --ca-file FILE, or this one certificate "
         "with\n  --pin-sha256 " +
         fingerprint;
}

std::string handshake_hint(error const& e) {
  if (e.reason() == "not_tls")
    return "what listens there speaks no TLS: is the port of --server right?";
  if (e.reason() == "client_cert_required")
    return "show a certificate with --cert FILE --key FILE";
  if (e.reason() == "reset_in_handshake")
    return "a vCenter's proxy does this when it has too many connections (2,048, of all clients together): try later";
  return {};
}

std::string session_hint(error const& e) {
  if (has_message(e, "com.vmware.vapi.endpoint.failedToLoginMaxUserSessionCountReached"))
    return "the user has all the sessions a vCenter allows (550): some client does not log out";
  if (e.reason() == "login_refused")
    return "check --user (as in administrator@vsphere.local) and the password; "
           "five refusals in three minutes lock the account";
  return {};
}

std::string standard_hint(error const& e, client_options const& options) {
  if (e.standard()->error_type != error_type::unauthenticated)
    return {};
  if (std::holds_alternative<session_token>(options.credentials()))
    return "the session has ended, or is not of this server";
  return "say who asks: --user USER --password-file FILE, or --session-token-file FILE";
}

} // namespace

std::string hint_for(error const& e, client_options const& options) {
  switch (e.kind()) {
  case error_kind::resolve:
    return "is the host in --server right? " + options.server();
  case error_kind::connect:
  case error_kind::connect_timeout:
    return "are host and port of --server right? " + options.server();
  case error_kind::tls_verify:
    return untrusted_hint(e);
  case error_kind::tls_handshake:
    return handshake_hint(e);
  case error_kind::deadline:
    return "it had " + duration_text(options.deadline()) + "; --timeout gives it longer";
  case error_kind::content:
    return e.reason() == "type" ? "is --server a vCenter, with no proxy or portal in front of it?" : std::string();
  case error_kind::route_unknown:
    return "vCenter 7.0 U2 to 8.0.0 offer the sync operations; 8.0 U1 and later do not";
  case error_kind::auth:
    return session_hint(e);
  case error_kind::standard:
    return e.standard() ? standard_hint(e, options) : std::string();
  default:
    return {};
  }
}

std::string error_text(error const& e, client_options const& options) {
  std::string text = "hvc-sync: " + printable(e.message()) + "\n";
  if (auto const standard = e.standard())
    for (std::size_t i = 1; i < standard->messages.size(); ++i) {
      auto const& m = standard->messages[i];
      text += "  caused by: " + printable(m.default_message.empty() ? m.id : m.default_message) + "\n";
    }
  if (auto const hint = hint_for(e, options); !hint.empty())
    text += "hint: " + hint + "\n";
  return text;
}

} // namespace hvc::tools
