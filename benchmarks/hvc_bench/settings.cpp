#include "settings.hpp"

#include "command_line.hpp"
#include "tools/sync/connection_flags.hpp"

#include <cstdio>
#include <cstdlib>
#include <string_view>

namespace {

constexpr char usage[] = R"(usage: hvc-bench --server https://HOST:PORT --link L --provider P [options]
Asks a server again and again how a provider stands, and tells what that cost.

  -s, --server URL             (HVC_SERVER)
      --ca-file F              trust this authority (HVC_CA_FILE)
      --pin-sha256 HEX         trust the certificate with this fingerprint (HVC_PIN_SHA256)
  -k, --insecure               accept any certificate
      --cert F --key F         client certificate
  -u, --user U                 with --password-file F|- (HVC_USER, HVC_PASSWORD, HVC_PASSWORD_FILE)
      --session-token-file F   a session made elsewhere (HVC_SESSION_TOKEN)
      --no-auth                no authentication, whatever the environment says
      --link L --provider P    {n} in them counts 0 .. K - 1 (hvc-simulator's ids begin with 1: link-1{n} of --links 19);
                               then replies that echo other ids are counted as wrong
      --ids K                  default 1
      --connections C          at most, default 16
      --concurrency M          calls under way at once, default C
      --requests N             default 100000
      --warmup N               requests before the measured ones, default 0: handshakes are measured, too
      --threads T              that run the client's io_context, default 1
      --rate R                 start R requests a second and measure each from its intended start, so that a stall of
                               the server shows in every request it delayed; at most M are under way at once
  -t, --timeout 30s            deadline of a call (HVC_TIMEOUT)
      --attempts 3             tries of a call
      --allow-remote           needed for a server that is not on this host: nobody loads a production server by accident
  -o, --output table|json      default table
      --details                also how many of the allocations are OpenSSL's
      --hash                   also a hash of all decoded values (costs time and allocations: not for measuring)
exit status: 0 measured, errors are among the figures; 1 no request succeeded or a reply was wrong; 2 usage; 3 the
figures could not be written; 130 ended early by a signal, with the figures so far
)";

constexpr bench::flag flags[] = {
    {"server", 's'},
    {"ca-file"},
    {"pin-sha256"},
    {"insecure", 'k', false},
    {"cert"},
    {"key"},
    {"user", 'u'},
    {"password-file"},
    {"session-token-file"},
    {"no-auth", 0, false},
    {"link"},
    {"provider"},
    {"ids"},
    {"connections"},
    {"concurrency"},
    {"requests"},
    {"warmup"},
    {"threads"},
    {"rate"},
    {"timeout", 't'},
    {"attempts"},
    {"allow-remote", 0, false},
    {"output", 'o'},
    {"details", 0, false},
    {"hash", 0, false},
    {"help", 'h', false},
};

std::string_view host_of(std::string_view url) {
  auto const scheme = url.find("://");
  std::string_view authority = url.substr(scheme == std::string_view::npos ? 0 : scheme + 3);
  if (authority.starts_with('['))
    return authority.substr(0, authority.find(']') + 1);
  return authority.substr(0, authority.find_first_of(":/"));
}

bool is_loopback(std::string_view host) {
  return host == "localhost" || host == "[::1]" ||
         (host.starts_with("127.") && host.find_first_not_of("0123456789.") == std::string_view::npos);
}

// What hvc-sync takes too, for it to judge: there are no other rules here about whom to trust and who asks.
hvc::tools::command_line shared_flags(bench::command_line const& line) {
  std::vector<std::string> arguments;
  for (std::string const flag : {"server", "ca-file", "pin-sha256", "cert", "key", "user", "password-file",
                                 "session-token-file", "timeout", "attempts"})
    if (line.has(flag))
      arguments.push_back("--" + flag + "=" + line.text(flag));
  for (std::string const flag : {"insecure", "no-auth"})
    if (line.has(flag))
      arguments.push_back("--" + flag);
  return hvc::tools::command_line(arguments);
}

void refuse_other_hosts(std::string_view server) {
  std::string_view const host = host_of(server);
  if (!is_loopback(host))
    throw bench::usage_error(std::string(host) + " is not this host: --allow-remote, if it may be loaded");
}

unsigned count(bench::command_line const& line, std::string_view name, unsigned fallback) {
  std::uint64_t const n = line.number(name, fallback, 1);
  if (n > 1'000'000)
    throw bench::usage_error("--" + std::string(name) + " is too large");
  return static_cast<unsigned>(n);
}

} // namespace

settings parse_settings(int argc, char** argv) {
  bench::command_line const line(argc, argv, flags);
  if (line.has("help")) {
    std::fputs(usage, stdout);
    std::exit(0);
  }
  settings s;
  auto const shared = shared_flags(line);
  auto const& env = hvc::tools::of_this_process;
  if (!line.has("allow-remote"))
    refuse_other_hosts(hvc::tools::server_of(shared, env));
  s.link = line.required("link");
  s.provider = line.required("provider");
  s.ids = line.number("ids", 1, 1);
  s.connections = count(line, "connections", 16);
  s.concurrency = count(line, "concurrency", s.connections);
  s.threads = count(line, "threads", 1);
  s.requests = line.number("requests", s.requests, 1);
  s.warmup = line.number("warmup", 0);
  if (line.has("rate"))
    s.rate = line.number("rate", 0, 1);
  std::string const output = line.text("output", "table");
  if (output != "table" && output != "json")
    throw bench::usage_error("--output is table or json");
  s.json = output == "json";
  s.details = line.has("details");
  s.hash = line.has("hash");

  s.client = hvc::tools::read_connection_flags(shared, env).client;
  s.client.user_agent("hvc-bench/" HVC_VERSION);
  s.client.pool().max_connections = s.connections;
  s.client.pool().max_waiters = s.concurrency; // the load bounds itself
  return s;
}
