#include "connection_flags.hpp"

#include "secret.hpp"
#include "times.hpp"
#include "usage_error.hpp"

#include <charconv>

namespace hvc::tools {

namespace {

// As openssl x509 -fingerprint prints it, too: "sha256 Fingerprint=AB:CD...".
void add_pin(tls_options& to, std::string_view text, std::string const& origin) {
  try {
    to.pin_sha256(text.substr(text.find('=') + 1)); // all of it where there is none
  } catch (std::invalid_argument const&) {
    throw usage_error(origin + " takes a SHA-256 fingerprint: 64 hex digits, with or without colons");
  }
}

void read_trust(tls_options& to, command_line const& line, environment const& env) {
  auto const file = line.value("ca-file");
  auto const pin = line.value("pin-sha256");
  bool const insecure = line.has("insecure");
  if (int{file.has_value()} + int{pin.has_value()} + int{insecure} > 1)
    throw usage_error("--ca-file, --pin-sha256 and --insecure exclude each other");
  if (file)
    to.ca_file(*file);
  if (pin)
    add_pin(to, *pin, "--pin-sha256");
  if (insecure)
    to.insecure_no_verification();
  if (file || pin || insecure)
    return;

  auto const file_set = env("HVC_CA_FILE");
  auto const pin_set = env("HVC_PIN_SHA256");
  if (file_set && pin_set)
    throw usage_error(
        "HVC_CA_FILE and HVC_PIN_SHA256 exclude each other: unset one, or give --ca-file or --pin-sha256");
  if (file_set)
    to.ca_file(*file_set);
  if (pin_set)
    add_pin(to, *pin_set, "HVC_PIN_SHA256");
}

void read_client_certificate(tls_options& to, command_line const& line) {
  auto const certificate = line.value("cert");
  auto const key = line.value("key");
  if (certificate.has_value() != key.has_value())
    throw usage_error("--cert and --key belong together");
  if (certificate)
    to.client_certificate_file(*certificate).client_key_file(*key);
}

// The password of the environment, where it belongs to `user`: to nobody in particular, or to that HVC_USER.
std::optional<std::string> password_set(std::string const& user, environment const& env) {
  if (env("HVC_USER").value_or(user) != user)
    return std::nullopt;
  if (auto const file = env("HVC_PASSWORD_FILE"))
    return read_secret(*file, "password");
  return env("HVC_PASSWORD");
}

credentials login_of(command_line const& line, environment const& env) {
  auto const user = line.has("user") ? line.value("user") : env("HVC_USER");
  if (!user || user->empty())
    throw usage_error("a password without a user: give --user USER, or set HVC_USER");
  auto const file = line.value("password-file");
  auto password = file ? read_secret(*file, "password") : password_set(*user, env);
  if (!password)
    throw usage_error("user " + *user +
                      " has no password: give --password-file FILE (or - for standard input), or set "
                      "HVC_PASSWORD_FILE or HVC_PASSWORD");
  return user_password(*user, *std::move(password));
}

credentials credentials_of(command_line const& line, environment const& env) {
  bool const login = line.has("user") || line.has("password-file");
  auto const token_file = line.value("session-token-file");
  bool const nobody = line.has("no-auth");
  if (int{login} + int{token_file.has_value()} + int{nobody} > 1)
    throw usage_error("--user with --password-file, --session-token-file and --no-auth exclude each other");
  if (login)
    return login_of(line, env);
  if (token_file)
    return session_token(read_secret(*token_file, "session token"));
  if (nobody)
    return no_credentials();

  if (auto token = env("HVC_SESSION_TOKEN"))
    return session_token(*std::move(token));
  if (env("HVC_USER") || env("HVC_PASSWORD") || env("HVC_PASSWORD_FILE"))
    return login_of(line, env);
  return no_credentials();
}

void read_timeout(connection_flags& to, command_line const& line, environment const& env) {
  auto const flag = line.value("timeout");
  auto const text = flag ? flag : env("HVC_TIMEOUT");
  if (!text)
    return;
  auto const parsed = parse_duration(*text);
  if (!parsed)
    throw usage_error(std::string(flag ? "--timeout" : "HVC_TIMEOUT") +
                      " takes a time such as 500ms, 30s or 2m, of a year at most: not '" + *text + "'");
  to.client.deadline(*parsed);
  to.call.deadline(*parsed);
}

void read_attempts(client_options& to, command_line const& line) {
  auto const text = line.value("attempts");
  if (!text)
    return;
  constexpr unsigned most = 100;
  char const* const last = text->data() + text->size();
  auto const [end, failed] = std::from_chars(text->data(), last, to.retry().attempts);
  if (failed != std::errc() || end != last || to.retry().attempts == 0 || to.retry().attempts > most)
    throw usage_error("--attempts takes a number from 1 to 100: not '" + *text + "'");
}

std::string_view trimmed(std::string_view text) noexcept {
  auto const first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

void read_headers(call_options& to, command_line const& line) {
  for (std::string const& field : line.values("header")) {
    auto const colon = field.find(':');
    if (colon == std::string::npos)
      throw usage_error("--header takes 'Name: value'");
    try {
      to.header(std::string_view(field).substr(0, colon), trimmed(std::string_view(field).substr(colon + 1)));
    } catch (std::invalid_argument const& e) {
      throw usage_error(std::string("--") + e.what()); // begins with "header: "
    }
  }
}

void read_session_cache(connection_flags& to, command_line const& line) {
  to.session_cache = line.value("session-cache");
  if (to.session_cache && !std::holds_alternative<user_password>(to.client.credentials()))
    throw usage_error("--session-cache keeps the session of a user: give --user and --password-file");
}

} // namespace

std::string server_of(command_line const& line, environment const& env) {
  if (auto given = line.value("server"))
    return *given;
  if (auto given = env("HVC_SERVER"))
    return *given;
  throw usage_error("which server? Give --server https://HOST[:PORT], or set HVC_SERVER");
}

connection_flags read_connection_flags(command_line const& line, environment const& env) {
  connection_flags result;
  result.client.server(server_of(line, env)).user_agent("hvc-sync/" HVC_VERSION);
  read_trust(result.client.tls(), line, env);
  read_client_certificate(result.client.tls(), line);
  read_timeout(result, line, env);
  read_attempts(result.client, line);
  read_headers(result.call, line);
  result.client.credentials(credentials_of(line, env)); // it may ask a person for the password
  read_session_cache(result, line);
  return result;
}

} // namespace hvc::tools
