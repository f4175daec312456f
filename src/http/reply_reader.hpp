// Reads one reply: bytes in, then need_more, a reply, or a failure. The framing guard as a whole: what it hands out is
// framed beyond doubt, and it says whether the connection may be used again. Knows no connection, no TLS, no clock, and
// nothing of what a body means. Replies to HEAD are not for it.
#pragma once

#include "failure.hpp"
#include "http/chunked.hpp"
#include "http/reply.hpp"
#include "http/reply_fault.hpp"
#include "http/reply_head.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace hvc::http {

enum class progress : std::uint8_t { need_more, reply, failed };

class reply_reader {
public:
  explicit reply_reader(reply_limits const& limits);

  // Start of an exchange. Takes over the buffer of an earlier reply, as it is (`reply::bytes`, not cleared).
  void begin(std::string recycled = {});

  // Room for more bytes: `at_least` of them, but never so much that the buffer exceeds the limits of head and body by
  // more than 64 KB. Never empty while the reader needs more. Valid until the next call.
  [[nodiscard]] std::span<char> prepare(std::size_t at_least);
  // The first `n` bytes of that room were filled. Bytes behind the end of a reply are surplus: never part of a reply.
  progress commit(std::size_t n);
  // The peer ended the stream: with a close_notify (clean), or without. Only a clean end completes a reply that has no
  // length (RFC 9112 section 9.8).
  progress end(bool clean) noexcept;

  // Whether any byte of a reply was seen.
  [[nodiscard]] bool started() const noexcept { return filled_ != 0; }
  [[nodiscard]] hvc::stage stage() const noexcept { return in_body_ ? hvc::stage::body : hvc::stage::head; }
  // After progress::reply: bytes were left behind the reply's end, so the connection is not reusable.
  [[nodiscard]] bool surplus() const noexcept { return surplus_; }

  [[nodiscard]] reply take();           // after progress::reply
  [[nodiscard]] failure take_failure(); // after progress::failed

private:
  progress read_head() noexcept;
  progress read_body(std::size_t fresh) noexcept;
  progress read_sized() noexcept;
  progress read_chunks(std::size_t fresh) noexcept;
  progress read_until_close() noexcept;
  progress complete(std::size_t body_end, bool more) noexcept;
  progress fail(reply_fault fault) noexcept;
  [[nodiscard]] std::size_t expected() const noexcept;
  void grow(std::size_t wanted);

  reply_limits limits_;
  std::size_t max_buffer_;
  head_parser head_;
  chunked_decoder chunks_;
  std::string buffer_; // its size is the room, not the content: growing into what is there already costs nothing
  std::size_t filled_ = 0;
  std::size_t body_end_ = 0;
  progress state_ = progress::need_more;
  reply_fault fault_ = reply_fault::none;
  bool in_body_ = false;
  bool surplus_ = false;
  bool ended_ = false;
};

} // namespace hvc::http
