// What a connection tells the dispatcher of its exchanges and of its end.
#pragma once

#include <hvc/error.hpp>

#include <chrono>
#include <optional>

namespace hvc::dispatch {

// How a connection ended.
struct loss {
  error why;
  bool begun = false;         // the exchange it was handed had started
  bool sent = false;          // a byte of the request may have reached the server
  bool reply_started = false; // a byte of the reply came (and was no leftover from before the request)
};

// What a reply says of its connection.
struct afterwards {
  bool reusable = false;
  std::optional<std::chrono::seconds> idle_limit;
};

} // namespace hvc::dispatch
