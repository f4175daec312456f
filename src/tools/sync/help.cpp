#include "help.hpp"

#include <algorithm>
#include <cctype>

namespace hvc::tools {

namespace {

constexpr std::string_view shared_flags = R"(
Server
  -s, --server https://HOST[:PORT]  (HVC_SERVER)

Trust: one of these; else the authorities this system trusts
  --ca-file FILE           PEM: the authority, or the server's own certificate
                           (HVC_CA_FILE)
  --pin-sha256 HEX         only the certificate with this fingerprint
                           (HVC_PIN_SHA256)
  -k, --insecure           any certificate: passwords can be stolen

Who asks: one of these; else nobody
  -u, --user USER          logs in, and out at the end (HVC_USER)
  --password-file FILE     with --user: the first line of FILE, or of standard
                           input, which is - (HVC_PASSWORD_FILE, or
                           HVC_PASSWORD). There is no --password: other users of
                           this machine could read it.
  --session-token-file FILE
                           a session that exists, and stays (HVC_SESSION_TOKEN
                           holds the token itself)
  --no-auth                nobody, whatever the environment says
  --session-cache FILE     with --user: uses the session kept there, and keeps
                           it for the next run. One file for each server and
                           user. A refused password is not sent again for
                           180 s.

Certificate to show, if the server asks for one
  --cert FILE --key FILE   PEM

How
  -t, --timeout TIME       for everything together, of sweep and watch for each
                           question, of cert and doctor for each step: 500ms,
                           30s, 2m; a bare number is seconds; 30s, of wait 1h,
                           if not given (HVC_TIMEOUT)
  --attempts N             in all, where trying again can help; 3 if not given.
                           start and reset are tried again only where nothing
                           of them had left.
  --header 'Name: value'   a further field of the request; may be repeated
)";

constexpr std::string_view shared_output_flags =
    R"(  --color auto|always|never
                           auto: on a terminal, unless NO_COLOR is set
  -v, --verbose            what happens, on standard error
  -h, --help               this text, or that of a command; help COMMAND, too
  -V, --version            of this program

Flags may stand anywhere; behind -- nothing is a flag. A flag beats the variable
in brackets, and all others of its group. HVC_PASSWORD_FILE beats HVC_PASSWORD,
and HVC_SESSION_TOKEN beats HVC_USER. A password in the environment is that of
HVC_USER, or of --user where HVC_USER is not set. An empty variable is not set.
)";

constexpr std::string_view exit_codes = R"(
Exit code
  0  done
  1  the server answered with a standard error: not found, unauthorized, a
     refused login, ...; of sweep and wait also: a provider is FAILED
  2  wrong usage, or an argument that cannot be
  3  all else that failed: connection, TLS, a reply that is not of the API, a
     standard output that was closed
  4  out of time, or cancelled; sweep, watch and wait, when interrupted: 130

With --output json an error is {"error":{"kind","reason"?,"stage","message",
"retryable","attempts","http_status"?,"error_type"?,"messages"?,"data"?}} on
standard output; wrong usage is told on standard error only.
)";

constexpr std::string_view examples = R"(
Examples
  export HVC_SERVER=https://vcenter.example HVC_CA_FILE=ca.pem
  export HVC_USER=administrator@vsphere.local HVC_PASSWORD_FILE=password
  hvc-sync doctor                       does everything work, and what does not?
  hvc-sync get link-1 provider-1        one provider
  hvc-sync sweep                        all of them
  hvc-sync check link-1 provider-1      for a monitoring system
)";

constexpr std::string_view plugin_exit_codes = R"(
Exit code
  0  OK
  1  WARNING
  2  CRITICAL
  3  UNKNOWN: all that is not known, wrong usage too
)";

std::string usage_of(command const& c) {
  std::string text(c.name);
  return c.arguments.empty() ? text : text.append(" ").append(c.arguments);
}

// What a command takes; of no command, what most do.
std::string output_flag(command const* c) {
  if (c == nullptr)
    return "  -o, --output table|json  for a person, which is the default, or for a program;\n"
           "                           sweep and watch have more, and check takes none\n";
  if (c->is_plugin)
    return {};
  std::string formats(c->formats);
  std::replace(formats.begin(), formats.end(), ' ', '|');
  std::string flag = "  -o, --output " + formats;
  constexpr std::size_t column = 27;
  if (flag.size() >= column)
    flag = flag + "\n";
  flag.append(flag.ends_with('\n') ? column : column - flag.size(), ' ');
  return flag.append("for a person, which is the default, or for a program\n");
}

std::string flags_of(command const* c) {
  return std::string(shared_flags).append("\nOutput\n").append(output_flag(c)).append(shared_output_flags);
}

std::string sentence(std::string_view summary) {
  std::string text(summary);
  text.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(text.front())));
  return text.append(".\n");
}

} // namespace

std::string program_help() {
  std::string text = "usage: hvc-sync COMMAND [FLAGS]\n\n"
                     "Asks a vCenter how the synchronisation of its hybrid-link providers stands.\n\n"
                     "Commands\n";
  for (command const& c : commands()) {
    std::string const usage = usage_of(c);
    text.append("  ").append(usage).append(usage.size() < 24 ? 24 - usage.size() : 1, ' ');
    text.append(c.summary).append("\n");
  }
  return text.append(flags_of(nullptr)).append(exit_codes).append(examples);
}

std::string command_help(command const& c) {
  std::string text = "usage: hvc-sync " + usage_of(c) + " [FLAGS]\n\n";
  return text.append(sentence(c.summary))
      .append(c.details)
      .append(flags_of(&c))
      .append(c.is_plugin ? plugin_exit_codes : exit_codes);
}

} // namespace hvc::tools
