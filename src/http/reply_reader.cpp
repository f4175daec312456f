// Joins head parser and chunk decoder over one buffer. Each byte is looked at once, however the bytes arrive.
#include "http/reply_reader.hpp"

#include "http/keep_alive.hpp"

#include <algorithm>
#include <cassert>
#include <cstring>
#include <limits>
#include <utility>

namespace hvc::http {

namespace {

constexpr std::size_t slack = 64 * 1024; // how far the buffer may exceed the limits

} // namespace

reply_reader::reply_reader(reply_limits const& limits)
    : limits_(limits), max_buffer_(limits.head_bytes + limits.body_bytes + slack), head_(limits), chunks_(limits) {
  assert(max_buffer_ <= std::numeric_limits<std::uint32_t>::max()); // offsets are 32 bits wide
}

void reply_reader::begin(std::string recycled) {
  if (recycled.capacity() > buffer_.capacity() && recycled.capacity() <= max_buffer_)
    buffer_ = std::move(recycled);
  head_.reset();
  filled_ = 0;
  body_end_ = 0;
  state_ = progress::need_more;
  fault_ = reply_fault::none;
  in_body_ = false;
  surplus_ = false;
  ended_ = false;
}

std::span<char> reply_reader::prepare(std::size_t at_least) {
  std::size_t const wanted = std::min(filled_ + std::max(at_least, expected()), max_buffer_);
  if (wanted > buffer_.size())
    grow(wanted);
  return {buffer_.data() + filled_, buffer_.size() - filled_};
}

// What a sized body still lacks, but no more than `slack`: a number the server merely claims reserves nothing.
std::size_t reply_reader::expected() const noexcept {
  if (!in_body_ || head_.head().framing != body_framing::sized || state_ != progress::need_more)
    return 1;
  return std::min(head_.end() + static_cast<std::size_t>(head_.head().content_length) - filled_, slack);
}

// By doubling, but never past the bound: std::string's own growth would.
void reply_reader::grow(std::size_t wanted) {
  if (wanted <= buffer_.capacity()) {
    buffer_.resize(wanted);
    return;
  }
  std::size_t const size = std::min(std::max(wanted, buffer_.size() * 2), max_buffer_);
  std::string bigger(size, '\0');
  std::memcpy(bigger.data(), buffer_.data(), filled_);
  buffer_ = std::move(bigger);
}

progress reply_reader::commit(std::size_t n) {
  assert(n <= buffer_.size() - filled_);
  if (state_ == progress::reply)
    surplus_ = surplus_ || n != 0;
  if (state_ != progress::need_more)
    return state_;
  filled_ += n;
  return in_body_ ? read_body(n) : read_head();
}

progress reply_reader::read_head() noexcept {
  switch (head_.advance(buffer_.data(), filled_)) {
  case head_parser::progress::need_more:
    return progress::need_more;
  case head_parser::progress::failed:
    return fail(head_.fault());
  case head_parser::progress::done:
    break;
  }
  in_body_ = true;
  body_end_ = head_.end();
  chunks_.reset();
  return read_body(filled_ - body_end_);
}

// `fresh`: how many bytes at the end of what is filled were not looked at yet.
progress reply_reader::read_body(std::size_t fresh) noexcept {
  switch (head_.head().framing) {
  case body_framing::none:
    return complete(head_.end(), filled_ > head_.end());
  case body_framing::sized:
    return read_sized();
  case body_framing::chunked:
    return read_chunks(fresh);
  case body_framing::until_close:
    break;
  }
  return read_until_close();
}

progress reply_reader::read_sized() noexcept {
  std::size_t const end = head_.end() + static_cast<std::size_t>(head_.head().content_length);
  return filled_ < end ? progress::need_more : complete(end, filled_ > end);
}

progress reply_reader::read_chunks(std::size_t fresh) noexcept {
  char const* const in = buffer_.data() + (filled_ - fresh);
  chunked_decoder::step const step = chunks_.advance(buffer_.data() + body_end_, in, fresh);
  body_end_ += step.produced;
  filled_ = body_end_; // the decoder keeps what it needs of everything else
  if (chunks_.fault() != reply_fault::none)
    return fail(chunks_.fault());
  return chunks_.done() ? complete(body_end_, step.consumed < fresh) : progress::need_more;
}

progress reply_reader::read_until_close() noexcept {
  body_end_ = filled_;
  return filled_ - head_.end() > limits_.body_bytes ? fail(reply_fault::body) : progress::need_more;
}

progress reply_reader::end(bool clean) noexcept {
  ended_ = true;
  if (state_ != progress::need_more)
    return state_;
  if (!in_body_)
    return fail(started() ? reply_fault::in_headers : reply_fault::before_headers);
  if (clean && head_.head().framing == body_framing::until_close)
    return complete(filled_, false);
  return fail(reply_fault::in_body);
}

progress reply_reader::complete(std::size_t body_end, bool more) noexcept {
  body_end_ = body_end;
  surplus_ = more;
  return state_ = progress::reply;
}

progress reply_reader::fail(reply_fault fault) noexcept {
  fault_ = fault;
  return state_ = progress::failed;
}

reply reply_reader::take() {
  assert(state_ == progress::reply);
  reply_head const& head = head_.head();
  reply r;
  r.bytes = std::move(buffer_);
  r.status = head.status;
  r.reusable = head.reusable && !surplus_ && !ended_ && !chunks_.suspicious();
  r.body = {static_cast<std::uint32_t>(head_.end()), static_cast<std::uint32_t>(body_end_ - head_.end())};
  r.content_type = head.content_type;
  r.content_encoding = head.content_encoding;
  r.retry_after = head.retry_after;
  r.date = head.date;
  r.keep_alive_timeout = parse_keep_alive_timeout(r.text(head.keep_alive));
  buffer_.clear();
  return r;
}

failure reply_reader::take_failure() {
  assert(state_ == progress::failed);
  return to_failure(fault_, stage());
}

} // namespace hvc::http
