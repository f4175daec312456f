// What may be set, checked: each refusal begins with the field's name.
#include "options_check.hpp"

#include "api/json_reader.hpp"
#include "http/field.hpp"
#include "session/authorization.hpp"
#include "session/secret.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace hvc {
namespace {

constexpr unsigned most_attempts = 1'000;

[[noreturn]] void refuse(std::string_view field, std::string_view why) {
  throw std::invalid_argument(std::string(field) + ": " + std::string(why));
}

void require(bool holds, std::string_view field, std::string_view why) {
  if (!holds)
    refuse(field, why);
}

// Fields whose value is the client's own business: identity, framing, connection.
bool is_reserved(std::string_view name) noexcept {
  static constexpr std::array<std::string_view, 15> reserved = {
      "host",   "user-agent", "accept",       "accept-encoding", "authorization",    "vmware-api-session-id",
      "cookie", "connection", "content-type", "content-length",  "content-encoding", "transfer-encoding",
      "te",     "upgrade",    "expect"};
  return std::any_of(reserved.begin(), reserved.end(), [&](auto r) { return http::iequals(r, name); });
}

} // namespace

user_password::~user_password() { session::cleanse(password_); }
session_token::~session_token() { session::cleanse(token_); }

call_options& call_options::attempts(unsigned n) {
  require(n >= 1 && n <= most_attempts, "attempts", "must be 1 to 1,000");
  attempts_ = n;
  return *this;
}

call_options& call_options::header(std::string_view name, std::string_view value) {
  require(http::is_field_name(name), "header", "the name is no field name (RFC 9110, section 5.1)");
  require(http::is_field_value(value), "header", "the value is no field value (RFC 9110, section 5.5)");
  require(!is_reserved(name), "header", std::string(name) + " is set by the client itself");
  header_lines_.append(name).append(": ").append(value).append("\r\n");
  return *this;
}

void require_duration(std::chrono::milliseconds d, std::string_view field) {
  require(d.count() > 0 && d <= std::chrono::hours(24 * 365), field, "must be positive, and at most a year");
}

void check(credentials const& c) {
  if (auto const* password = std::get_if<user_password>(&c)) {
    require(!password->user().empty() && password->user().find(':') == std::string::npos, "credentials",
            "the user must not be empty or hold a colon (RFC 7617)");
  } else if (auto const* token = std::get_if<session_token>(&c)) {
    require(session::is_token(token->token()), "credentials",
            "the session token is no field value of 1 to 4,096 bytes");
  } else if (auto const* source = std::get_if<authorization_source>(&c)) {
    require(static_cast<bool>(source->ask()), "credentials", "the source is empty");
  } else if (auto const* session = std::get_if<session_source>(&c)) {
    require(static_cast<bool>(session->ask()), "credentials", "the source is empty");
  }
}

void check(client_options const& o) {
  require_duration(o.deadline(), "deadline");
  require_duration(o.login_cool_down(), "login_cool_down");
  require(o.pool().max_connections >= 1 && o.pool().max_connections <= 65'536, "pool.max_connections",
          "must be 1 to 65,536");
  require(o.pool().max_waiters >= 1 && o.pool().max_waiters <= 10'000'000, "pool.max_waiters",
          "must be between 1 and 10,000,000");
  require_duration(o.pool().idle_timeout, "pool.idle_timeout");
  require_duration(o.pool().max_lifetime, "pool.max_lifetime");
  require_duration(o.timeouts().connect, "timeouts.connect");
  require_duration(o.timeouts().handshake, "timeouts.handshake");
  require_duration(o.timeouts().attempt, "timeouts.attempt");
  require_duration(o.timeouts().logout, "timeouts.logout");
  require(o.retry().attempts >= 1 && o.retry().attempts <= most_attempts, "retry.attempts", "must be 1 to 1,000");
  require_duration(o.retry().base, "retry.base");
  require_duration(o.retry().throttled_base, "retry.throttled_base");
  require_duration(o.retry().cap, "retry.cap");
  require(o.retry().max_retry_after.count() >= 0, "retry.max_retry_after", "must not be negative");
  require(o.limits().head_bytes >= 256 && o.limits().head_bytes <= 1024 * 1024, "limits.head_bytes",
          "must be 256 to 1 MB");
  require(o.limits().header_fields >= 1 && o.limits().header_fields <= 10'000, "limits.header_fields",
          "must be 1 to 10,000");
  require(o.limits().body_bytes >= 1 && o.limits().body_bytes <= 8 * 1024 * 1024, "limits.body_bytes",
          "must be 1 to 8 MB");
  require(o.limits().json_depth >= 1 && o.limits().json_depth <= json::deepest_nesting, "limits.json_depth",
          "must be 1 to 256");
  require(http::is_field_value(o.user_agent()) && !o.user_agent().empty(), "user_agent", "is no field value");
  check(o.credentials());
}

} // namespace hvc
