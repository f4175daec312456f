// hvc::observer: told what a client does, for logs, metrics and traces.
#pragma once

#include <hvc/error.hpp>

#include <chrono>
#include <optional>
#include <string_view>

namespace hvc {

/// Every function is called with no lock held, on a thread that runs the client's executor, possibly on several at
/// once; it should be quick, must not throw, and may use the client. The library never waits for it otherwise. Nothing
/// handed over holds a secret; views live until the function returns.
class observer {
public:
  virtual ~observer() = default;
  /// A connection is open, TLS included. `resumed`: by session resumption.
  virtual void connection_opened(bool resumed) { static_cast<void>(resumed); }
  /// An open connection is closed, or one could not be opened; `why` is null where that is no failure (idle,
  /// lifetime), or where a call that ended, by its deadline or cancelled, took its connection along.
  virtual void connection_closed(error const* why) { static_cast<void>(why); }
  /// A reply came, that of a login or a log-out too; told before the handler of its call runs. `date` is the server's
  /// clock when it answered, to the second (RFC 9110, section 6.6.1): nothing where the reply has no Date that is one.
  virtual void replied(int http_status, std::optional<std::chrono::sys_seconds> date) {
    static_cast<void>(http_status), static_cast<void>(date);
  }
  /// An attempt of a call, or of a login, failed and will be tried again after `delay`; attempts() and elapsed() of the
  /// cause are the call's so far. `target` tells which: it is that of the request as it is on the wire, such as
  /// `/api/hvc/links/L/sync/providers/P`; empty where the call has ended meanwhile.
  virtual void retrying(std::string_view target, error const& cause, std::chrono::milliseconds delay) {
    static_cast<void>(target), static_cast<void>(cause), static_cast<void>(delay);
  }
  /// A login ended; `failed` is null where it brought a session.
  virtual void login_finished(error const* failed) { static_cast<void>(failed); }
};

} // namespace hvc
