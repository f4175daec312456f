// What can be set: for a client once, for a call each time. Every default is meant to be right in production.
#pragma once

#include <hvc/credentials.hpp>
#include <hvc/observer.hpp>
#include <hvc/tls_options.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace hvc {

/// The connections of one client, all to one server.
struct pool_options {
  unsigned max_connections = 16; ///< open or being opened, 1 to 65,536; more than 64 is unkind to a vCenter
  unsigned max_waiters = 4096;   ///< calls that wait for a connection, also for one that is being opened; one more ends
                                 ///< with pool_full at once. At least 1
  std::chrono::milliseconds idle_timeout{60'000};  ///< an unused connection closes after this, +-10 %
  std::chrono::milliseconds max_lifetime{600'000}; ///< a connection takes no further call after this, +-10 %
};

/// Time limits below the deadline of a call. The first three end an attempt with the kinds connect_timeout, tls_timeout
/// and attempt_timeout.
struct timeout_options {
  std::chrono::milliseconds connect{5'000};    ///< resolving and TCP, over all addresses of the server together
  std::chrono::milliseconds handshake{10'000}; ///< TLS
  std::chrono::milliseconds attempt{10'000};   ///< from handing a request to a connection to the reply's first byte
  std::chrono::milliseconds logout{2'000};     ///< DELETE /api/session on close, a login under way before it included
};

/// When a failed attempt is tried again: never after a refused certificate, a refused login or an answer that says no.
struct retry_options {
  unsigned attempts = 3;              ///< in all, 1 to 1,000; a replay of a stale connection is not counted
  std::chrono::milliseconds base{50}; ///< back-off: uniform in [0, min(cap, base * 2^n)]
  std::chrono::milliseconds throttled_base{1'000};   ///< the same after 429 or 503
  std::chrono::milliseconds cap{20'000};             ///< of a back-off that follows no Retry-After
  std::chrono::milliseconds max_retry_after{60'000}; ///< a Retry-After beyond this ends the call at once
  /// In tokens, shared by all calls: a retry costs 14 (5 after 429 or 503), a success brings 1, a retry that succeeds
  /// its cost. Where they do not suffice the call ends with its error. 0: nothing is tried again.
  unsigned budget = 500;
};

/// The most this client takes from a server; a reply beyond it is an error of kind limit. Sizes in bytes.
struct limit_options {
  std::size_t head_bytes = 16 * 1024;   ///< status line and header section, 256 to 1,048,576
  unsigned header_fields = 100;         ///< 1 to 10,000
  std::size_t body_bytes = 1024 * 1024; ///< 1 to 8,388,608
  unsigned json_depth = 32;             ///< 1 to 256
};

/// Options of a client. Impossible values are refused by the client's constructor with std::invalid_argument, whose
/// text begins with the field's name. A duration must be positive, and a year at most; max_retry_after may be zero. A
/// plain value: no member may be called while another thread changes the same object.
class client_options {
public:
  client_options() = default;

  // clang-format off
  /// `https://HOST[:PORT]`, nothing behind but a slash; HOST is a name, an IPv4 address or an IPv6 address in brackets.
  client_options& server(std::string url) { server_ = std::move(url); return *this; }
  /// How the client logs in; by default not at all.
  client_options& credentials(hvc::credentials c) { credentials_ = std::move(c); return *this; }
  /// The deadline of a call, over everything: queue, resolving, connecting, login, attempts, back-off.
  client_options& deadline(std::chrono::milliseconds d) { deadline_ = d; return *this; }
  /// Told of what happens; may be shared by clients.
  client_options& observer(std::shared_ptr<hvc::observer> o) { observer_ = std::move(o); return *this; }
  /// User-Agent of every request.
  client_options& user_agent(std::string text) { user_agent_ = std::move(text); return *this; }
  /// How long no login is tried after one was refused (a vCenter locks an account after 5 failures in 180 s).
  client_options& login_cool_down(std::chrono::milliseconds d) { login_cool_down_ = d; return *this; }
  /// Makes back-off and jitter repeatable; for tests.
  client_options& seed(std::uint64_t s) { seed_ = s; return *this; }
  // clang-format on

  [[nodiscard]] tls_options& tls() noexcept { return tls_; }
  [[nodiscard]] pool_options& pool() noexcept { return pool_; }
  [[nodiscard]] timeout_options& timeouts() noexcept { return timeouts_; }
  [[nodiscard]] retry_options& retry() noexcept { return retry_; }
  [[nodiscard]] limit_options& limits() noexcept { return limits_; }

  [[nodiscard]] std::string const& server() const noexcept { return server_; }
  [[nodiscard]] hvc::credentials const& credentials() const noexcept { return credentials_; }
  [[nodiscard]] std::chrono::milliseconds deadline() const noexcept { return deadline_; }
  [[nodiscard]] std::shared_ptr<hvc::observer> const& observer() const noexcept { return observer_; }
  [[nodiscard]] std::string const& user_agent() const noexcept { return user_agent_; }
  [[nodiscard]] std::chrono::milliseconds login_cool_down() const noexcept { return login_cool_down_; }
  [[nodiscard]] std::optional<std::uint64_t> seed() const noexcept { return seed_; }
  [[nodiscard]] tls_options const& tls() const noexcept { return tls_; }
  [[nodiscard]] pool_options const& pool() const noexcept { return pool_; }
  [[nodiscard]] timeout_options const& timeouts() const noexcept { return timeouts_; }
  [[nodiscard]] retry_options const& retry() const noexcept { return retry_; }
  [[nodiscard]] limit_options const& limits() const noexcept { return limits_; }

private:
  std::string server_;
  hvc::credentials credentials_;
  tls_options tls_;
  pool_options pool_;
  timeout_options timeouts_;
  retry_options retry_;
  limit_options limits_;
  std::chrono::milliseconds deadline_{30'000};
  std::chrono::milliseconds login_cool_down_{60'000};
  std::shared_ptr<hvc::observer> observer_;
  std::string user_agent_ = "hvc/0.1";
  std::optional<std::uint64_t> seed_;
};

/// Options of one call; what is not set is the client's.
class call_options {
public:
  call_options() {} // user-provided on purpose: g++ 12 destroys aggregate temporaries in co_await twice

  // clang-format off
  /// From the initiation of the call. Zero or less: the call ends with kind deadline and no I/O. More than a year is a
  /// year.
  call_options& deadline(std::chrono::milliseconds d) { deadline_ = d; return *this; }
  // clang-format on
  /// As retry_options::attempts. Throws std::invalid_argument where it is not 1 to 1,000.
  call_options& attempts(unsigned n);
  /// A further header field (X-Request-ID, Accept-Language, traceparent), the same on every attempt of the call. Throws
  /// std::invalid_argument if the name or value is none (RFC 9110, section 5), or the field is the client's own
  /// business (Host, User-Agent, Authorization, vmware-api-session-id, Cookie, Accept, Connection, Expect, those of
  /// content and of framing).
  call_options& header(std::string_view name, std::string_view value);

  [[nodiscard]] std::optional<std::chrono::milliseconds> deadline() const noexcept { return deadline_; }
  [[nodiscard]] std::optional<unsigned> attempts() const noexcept { return attempts_; }
  [[nodiscard]] std::string const& header_lines() const noexcept { return header_lines_; }

private:
  std::optional<std::chrono::milliseconds> deadline_;
  std::optional<unsigned> attempts_;
  std::string header_lines_; // complete lines
};

} // namespace hvc
