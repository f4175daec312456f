#include "help.hpp"

namespace hvc::tools {

namespace {

constexpr std::string_view shared_flags = R"(
Server
  -s, --server https://HOST[:PORT]   which vCenter                                    [HVC_SERVER]

Trust (one of; by default the authorities this system trusts)
      --ca-file FILE                 PEM: the authority, or the server's own          [HVC_CA_FILE]
      --pin-sha256 HEX               the certificate with this fingerprint, only      [HVC_PIN_SHA256]
  -k, --insecure                     any certificate: passwords can be stolen

Who asks (one of; by default nobody)
  -u, --user USER                    logs in and out, with                            [HVC_USER]
      --password-file FILE           the file's content, or standard input's for -    [HVC_PASSWORD_FILE]
                                     There is no --password: other users could read it. [HVC_PASSWORD]
      --session-token-file FILE      a session that exists; it is not logged out      [HVC_SESSION_TOKEN]
      --no-auth                      nobody, whatever the environment says
      --cert FILE, --key FILE        the certificate to show, if the server asks

How
  -t, --timeout TIME                 for everything together: 500ms, 30s (default), 2m; a bare number
                                     is seconds                                       [HVC_TIMEOUT]
      --attempts N                   tries in all, where trying again can help; default 3
      --header 'Name: value'         a further header field; may be repeated

Output
  -o, --output table|json            for a person (default) or for a program
      --color auto|always|never      auto: on a terminal, unless NO_COLOR is set
  -v, --verbose                      what happens, on standard error
  -h, --help                         this text, or a command's
  -V, --version

A flag beats the environment; a flag of a group (trust; who asks) beats all variables of its group. HVC_PASSWORD_FILE
beats HVC_PASSWORD, HVC_SESSION_TOKEN beats HVC_USER; a password in the environment is used for the user in HVC_USER,
or, where that is not set, for --user. An empty variable counts as not set. Flags may stand anywhere; behind -- nothing
is one.

Exit code
  0  done
  1  the server answered with a standard error (not found, unauthorized, a refused login, ...)
  2  wrong usage, or an argument that cannot be
  3  everything else that failed: connection, TLS, a reply that is none
  4  out of time, or cancelled
With --output json an error is {"error":{"kind":...,"stage":...,"message":...}} on standard output; wrong usage is told
on standard error only.
)";

std::string usage_of(command const& c) {
  std::string text(c.name);
  return c.arguments.empty() ? text : text.append(" ").append(c.arguments);
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
  return text.append(shared_flags);
}

std::string command_help(command const& c) {
  std::string text = "usage: hvc-sync " + usage_of(c) + " [FLAGS]\n\n";
  return text.append(c.summary).append(".\n").append(c.details).append(shared_flags);
}

} // namespace hvc::tools
