// What the dispatcher wants done. Whoever calls it carries the actions out, in order, with no lock held.
#pragma once

#include "handle.hpp"

#include <hvc/error.hpp>

#include <boost/container/small_vector.hpp>

#include <chrono>
#include <cstdint>
#include <optional>

namespace hvc::dispatch {

struct action {
  enum class type : std::uint8_t {
    dial,           // open `connection`: resolve, connect, handshake
    next_address,   // `connection` has tried its present address for long enough
    start,          // send the request of `call` over `connection`
    probe,          // fail `connection` with attempt_timeout if no byte of the reply to `call` has come
    close,          // close `connection`: because of `why`, or because it is no longer needed
    abort,          // close `connection` in the middle of the exchange of `call`
    authorize,      // ask the user's source for the Authorization value of `call`
    complete,       // `call` ends: because of `why`, or with the reply at hand
    retrying,       // for observers: `call` tries again after `delay`, because of `why`
    login_finished, // for observers: because of `why`, or with a session
    closed          // nothing is left: whoever waits for the close may be told
  };
  type what;
  bool reused = false; // complete: the last attempt ran over a reused connection
  unsigned attempts = 0;
  std::chrono::microseconds elapsed{};
  std::chrono::milliseconds delay{};
  call_id call{};
  connection_id connection{}; // complete: the one aborted a moment ago, which knows the stage; else none
  std::optional<error> why{};
};

using actions = boost::container::small_vector<action, 4>;

} // namespace hvc::dispatch
