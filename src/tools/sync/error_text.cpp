#include "error_text.hpp"

#include "text.hpp"
#include "times.hpp"
#include "tls/certificate.hpp"

#include <algorithm>

namespace hvc::tools {

namespace {

bool has_message(error const& e, std::string_view id) {
  auto const standard = e.standard();
  return standard && std::any_of(standard->messages.begin(), standard->messages.end(),
                                 [id](localizable_message const& m) { return m.id == id; });
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
  if (e.reason() == "no_session" && e.http_status() == 404)
    return "it has no /api/session: a vCenter older than 7.0 U2, or none at all";
  return {};
}

std::string standard_hint(error const& e, client_options const& options) {
  if (e.standard()->error_type != error_type::unauthenticated)
    return {};
  if (std::holds_alternative<session_token>(options.credentials()))
    return "the session has ended, or is not of this server";
  return "say who asks: --user USER --password-file FILE, or --session-token-file FILE";
}

std::string deadline_hint(error const& e, client_options const& options) {
  auto const had = "it had " + duration_text(e.elapsed().count() != 0 ? e.elapsed() : options.deadline());
  bool const unreachable = e.stage() == stage::resolve || e.stage() == stage::connect || e.stage() == stage::handshake;
  return had + (unreachable ? "; are host and port of --server right? " + options.server()
                            : std::string("; --timeout gives it longer"));
}

// Behind its title, and hanging there where it is longer than a line.
std::string paragraph(std::string_view title, std::string_view content, std::size_t width) {
  return std::string(title) + hanging(content, title.size(), width);
}

} // namespace

std::string trust_hint(error const& e, tls_options const& given) {
  if (e.reason() == "pin_mismatch")
    return "it is another than the one pinned: renewed, or not that server's. Ask who runs it before you pin it";
  if (e.reason() == "weak" || e.reason() == "revoked")
    return "no option makes up for that: the server needs a new one";
  std::string hint;
  if (e.reason() == "host_mismatch")
    hint = "its authority is trusted: give --server a name the certificate holds, or, if that is the server you mean, "
           "trust";
  else if (e.reason() == "expired" || e.reason() == "not_yet_valid")
    hint =
        "is this machine's clock right? The server needs a new one; until then, if that is the server you mean, trust";
  else
    hint =
        (given.ca_file().empty() ? "" : "no authority in " + given.ca_file() + " has signed it; ") +
        (e.reason() == "no_issuer" ? "perhaps the server does not send its intermediate certificate; " : "") +
        "if that is the server you mean, trust its authority (a vCenter's is in https://HOST/certs/download.zip) with "
        "--ca-file FILE, or";
  if (!e.certificate_sha256().empty())
    hint.append(" this one certificate, by its SHA-256 fingerprint, with\n--pin-sha256=")
        .append(tls::without_colons(e.certificate_sha256()));
  return hint;
}

std::string hint_for(error const& e, client_options const& options) {
  if (e.may_have_taken_effect())
    return "look with hvc-sync get what became of it before you ask again";
  switch (e.kind()) {
  case error_kind::resolve:
    return "is the host in --server right? " + options.server();
  case error_kind::connect:
  case error_kind::connect_timeout:
    return "are host and port of --server right? " + options.server();
  case error_kind::tls_verify:
    return "hvc-sync cert, with the same --server, shows the certificate; " + trust_hint(e, options.tls());
  case error_kind::tls_handshake:
    return handshake_hint(e);
  case error_kind::deadline:
    return deadline_hint(e, options);
  case error_kind::content:
    return e.reason() == "type" ? "is --server a vCenter, with no proxy or portal in front of it?" : std::string();
  case error_kind::route_unknown:
    return "vCenter 7.0 U2 to 8.0.0 offer the sync operations; 8.0 U1 and later do not";
  case error_kind::http_status:
    return e.http_status() >= 500 ? "the server, or a proxy in front of it, cannot answer now: try later"
                                  : "is --server a vCenter, with no proxy or portal in front of it?";
  case error_kind::auth:
    return session_hint(e);
  case error_kind::standard:
    return e.standard() ? standard_hint(e, options) : std::string();
  default:
    return {};
  }
}

std::string error_text(error const& e, client_options const& options, std::size_t width) {
  std::string const message = e.message();
  std::string text = paragraph("hvc-sync: ", message, width);
  if (!e.body_excerpt().empty() && message.find(e.body_excerpt()) == std::string::npos)
    text += paragraph("  the server said: ", e.body_excerpt(), width);
  if (auto const standard = e.standard())
    for (std::size_t i = 1; i < standard->messages.size(); ++i)
      text += paragraph("  caused by: ", standard->messages[i].text(), width);
  if (auto const hint = hint_for(e, options); !hint.empty())
    text += paragraph("hint: ", hint, width);
  return text;
}

} // namespace hvc::tools
