// hvc::error: why a call failed, told so that a program can decide and a person can understand.
#pragma once

#include <hvc/standard_error.hpp>

#include <boost/assert/source_location.hpp>
#include <boost/system/error_code.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace hvc {

/// What kind of failure ended a call. A closed set: a program may switch over it.
enum class error_kind : std::uint8_t {
  resolve,          ///< the server's name has no address, or the resolver failed
  connect,          ///< no address accepted a TCP connection
  connect_timeout,  ///< no address accepted one in time
  attempt_timeout,  ///< no first byte of a reply within the attempt's own limit
  tls_verify,       ///< the server's certificate was not accepted. Reasons: expired, not_yet_valid, host_mismatch,
                    ///< self_signed, untrusted_root (the chain is whole, its root is not trusted), no_issuer (whoever
                    ///< signed it is neither trusted nor sent: another authority, or a server that does not send its
                    ///< intermediate), weak, revoked, revocation_unknown, purpose, pin_mismatch, not_accepted (any
                    ///< other; message says which)
  tls_handshake,    ///< the TLS handshake failed otherwise. Reasons: version, no_cipher, weak_key, alert, protocol,
                    ///< not_tls, client_cert_required, client_cert_refused, reset_in_handshake
  tls_timeout,      ///< the TLS handshake did not end in time
  pool_full,        ///< too many calls already wait for a connection
  deadline,         ///< the call's deadline passed; stage says where
  canceled,         ///< the caller cancelled the call
  connection_lost,  ///< the connection ended in the middle: reason is before_headers, in_headers or in_body
  protocol,         ///< the server broke HTTP or TLS framing. Reasons: version, status, header, length,
                    ///< transfer_encoding, ambiguous, chunk, upgrade, unsolicited (bytes nobody asked for), alpn,
                    ///< tls (a record, an alert)
  limit,            ///< a limit of this client was reached. Reasons: headers, header_count, interim, body,
                    ///< chunk_overhead, depth (of the JSON), path (of the request), certificates (100 KB)
  content,          ///< the reply is no JSON: reason is empty, type or encoding
  decode,           ///< the JSON is not what the API's documentation promises: message names the member's path.
                    ///< Reasons: syntax, utf8, bom, type, missing, duplicate, number, time
  standard,         ///< the server answered with a standard error: see standard(); the reason is its type's name
  route_unknown,    ///< this server does not know the operation: that of a sync on vCenter 8.0 U1 and later, the health
                    ///< of a link on earlier ones
  http_status,      ///< a status that is no success, with a body that is no standard error
  auth,             ///< no session: reason is login_refused, refresh_failed or no_session (with http_status() 404: no
                    ///< /api/session there, as before vCenter 7.0 U2)
  invalid_argument, ///< refused before any I/O: reason names the argument
  resource,         ///< this process ran out of something: reason is fd, memory or ports
  closed            ///< the client was closed or destroyed
};
/// The name of a kind as users and the tools write it: "tls_verify".
[[nodiscard]] std::string_view to_string(error_kind) noexcept;

/// Where a call stood when it failed.
enum class stage : std::uint8_t {
  queue, ///< waiting for a connection (or refused before that)
  resolve,
  connect,
  handshake, ///< TLS
  login,     ///< waiting for a session
  write,
  head, ///< waiting for, or reading, the reply's status line and header
  body,
  decode,
  back_off ///< waiting before the next attempt
};
[[nodiscard]] std::string_view to_string(stage) noexcept;

/// Why a call failed: a few inline fields and a shared, immutable detail. Copies are cheap and never throw. Thread-safe
/// like an int: distinct copies may be used from distinct threads.
class error {
public:
  struct detail;

  error() = default; ///< of kind closed
  explicit error(error_kind kind, std::string_view static_reason = {}) noexcept : kind_(kind), reason_(static_reason) {}

  [[nodiscard]] error_kind kind() const noexcept { return kind_; }
  /// The part in brackets of faults such as tls_verify(expired); empty if the kind says it all. Of static storage.
  [[nodiscard]] std::string_view reason() const noexcept { return reason_; }
  [[nodiscard]] hvc::stage stage() const noexcept { return stage_; }
  /// The HTTP status of the reply, 0 if there was none.
  [[nodiscard]] int http_status() const noexcept { return http_status_; }
  /// The decoded standard error of the reply, or null. Shared: outlives this error. Besides kinds standard and
  /// route_unknown, auth has one where the login was answered with it, and deadline where the last attempt was; so has
  /// canceled of wait_for_sync(). To tell "the server says no to this call" from "there is no session", look at kind()
  /// first: route_unknown comes with a NOT_FOUND, too. Never null for kind standard.
  [[nodiscard]] std::shared_ptr<standard_error const> standard() const noexcept;
  /// The operating system's, resolver's or TLS library's own code underneath, if there was one.
  [[nodiscard]] boost::system::error_code const& code() const noexcept { return code_; }
  /// How often the call was tried, replays on a stale connection and repeats after a login included. 0: never sent.
  [[nodiscard]] unsigned attempts() const noexcept { return attempts_; }
  /// From the initiation of the call to its failure.
  [[nodiscard]] std::chrono::microseconds elapsed() const noexcept { return elapsed_; }
  /// Whether the last attempt ran over a connection that had already served another call.
  [[nodiscard]] bool connection_reused() const noexcept { return connection_reused_; }
  /// Whether the same call may succeed later without anybody changing anything.
  [[nodiscard]] bool retryable() const noexcept { return retryable_; }
  /// Whether the server may have done what it was asked although the call failed: the request of an operation that
  /// changes something had left, and no reply said what became of it. Such a call is never retryable().
  [[nodiscard]] bool may_have_taken_effect() const noexcept { return may_have_taken_effect_; }
  /// What the server asked to wait before a retry (Retry-After); zero if it did not.
  [[nodiscard]] std::chrono::seconds retry_after() const noexcept { return retry_after_; }
  /// Content-Type of a reply that could not be used; empty otherwise. This view and the next two live as long as any
  /// copy of this error.
  [[nodiscard]] std::string_view content_type() const noexcept;
  /// At most 256 bytes of the body of a reply that could not be used, control characters removed.
  [[nodiscard]] std::string_view body_excerpt() const noexcept;
  /// SHA-256 of the certificate a tls_verify error refused, as colon-separated hex; empty otherwise.
  [[nodiscard]] std::string_view certificate_sha256() const noexcept;
  /// One line for a person: kind and reason, what happened, where, and the peer's own words, sanitised. Never holds a
  /// password, a session token or a request body.
  [[nodiscard]] std::string message() const;

private:
  friend class error_builder; // the library's own way to fill the fields: src/error_builder.hpp
  error_kind kind_ = error_kind::closed;
  hvc::stage stage_ = hvc::stage::queue;
  bool connection_reused_ = false;
  bool retryable_ = false;
  bool may_have_taken_effect_ = false;
  std::uint16_t http_status_ = 0;
  std::uint16_t attempts_ = 0;
  std::chrono::microseconds elapsed_{};
  std::chrono::seconds retry_after_{};
  std::string_view reason_; // of static storage
  boost::system::error_code code_;
  std::shared_ptr<detail const> detail_;
};

/// Thrown by `result<T>::value()` where there is no value.
class exception : public std::runtime_error {
public:
  explicit exception(hvc::error e) : std::runtime_error(e.message()), error_(std::move(e)) {}
  [[nodiscard]] hvc::error const& error() const noexcept { return error_; }

private:
  hvc::error error_;
};

/// Found by boost::system::result through argument-dependent look-up.
[[noreturn]] void throw_exception_from_error(error const& e, boost::source_location const& where);

} // namespace hvc
