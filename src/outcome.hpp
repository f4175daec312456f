// How a call ended, before anybody knows what type it answers: the bytes of a reply, or an error.
#pragma once

#include "http/reply.hpp"

#include <hvc/error.hpp>

#include <chrono>

namespace hvc::detail {

struct outcome {
  bool succeeded = false; // a 2xx reply: `reply` holds; else `error` does
  hvc::error error;
  http::reply reply;
  // For an error that only decoding finds:
  unsigned json_depth = 32;
  unsigned attempts = 0;
  std::chrono::microseconds elapsed{};
  bool connection_reused = false;
};

} // namespace hvc::detail
