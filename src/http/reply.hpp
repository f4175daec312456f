// What the reply reader hands out, and the limits it keeps. Plain data: knows nothing of how it was read.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hvc::http {

struct reply_limits {
  std::size_t head_bytes = 16 * 1024;     // status line and fields, those of interim replies included
  unsigned fields = 100;                  // of one header
  std::size_t body_bytes = 1024 * 1024;   // with chunking removed
  std::size_t chunk_line = 256;           // a chunk's size and extensions
  std::size_t chunk_overhead = 16 * 1024; // everything of a chunked body that is no data: lines, CRLFs, trailers
  unsigned interim = 8;                   // 1xx replies in front of the final one
};

struct slice {
  std::uint32_t offset = 0;
  std::uint32_t length = 0;
};

// One final reply. It owns its bytes: the head, then the body with chunking removed. `bytes` may be longer than what
// the slices name: the rest is room that was not needed, kept so that recycling the buffer costs nothing.
struct reply {
  std::string bytes;
  int status = 0;
  // As far as framing and the Connection fields say, the connection may carry another exchange.
  bool reusable = false;
  std::optional<std::chrono::seconds> keep_alive_timeout; // Keep-Alive: timeout=N
  slice body;
  slice content_type;     // of several lines the first
  slice content_encoding; // of several lines the first that is not "identity"
  slice retry_after;      // empty if it was given twice: nobody can tell which one was meant
  slice date;             // of several lines the first

  [[nodiscard]] std::string_view text(slice s) const noexcept { return {bytes.data() + s.offset, s.length}; }
};

} // namespace hvc::http
