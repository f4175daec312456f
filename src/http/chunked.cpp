// Chunk lines and trailers byte by byte, data by the block.
#include "http/chunked.hpp"

#include "hex.hpp"
#include "http/grammar.hpp"

#include <algorithm>
#include <cstring>
#include <string_view>

namespace hvc::http {

namespace {

// Fields that frame, route, authenticate or describe a message: a trailer that names one is an attack or a mistake.
constexpr std::string_view forbidden_trailers[] = {"age",
                                                   "authorization",
                                                   "cache-control",
                                                   "connection",
                                                   "content-encoding",
                                                   "content-length",
                                                   "content-range",
                                                   "content-type",
                                                   "cookie",
                                                   "date",
                                                   "expect",
                                                   "expires",
                                                   "host",
                                                   "keep-alive",
                                                   "location",
                                                   "max-forwards",
                                                   "proxy-authenticate",
                                                   "proxy-authorization",
                                                   "proxy-connection",
                                                   "range",
                                                   "retry-after",
                                                   "set-cookie",
                                                   "te",
                                                   "trailer",
                                                   "transfer-encoding",
                                                   "upgrade",
                                                   "vary",
                                                   "via",
                                                   "www-authenticate",
                                                   "vmware-api-session-id"};

bool is_forbidden(std::string_view lower_case_name) noexcept {
  return std::find(std::begin(forbidden_trailers), std::end(forbidden_trailers), lower_case_name) !=
         std::end(forbidden_trailers);
}

// No body has 2^63 bytes: beyond, sums of sizes could wrap.
constexpr std::uint64_t impossible_size = std::uint64_t{1} << 63;

} // namespace

void chunked_decoder::reset() noexcept {
  state_ = state::size_first;
  fault_ = reply_fault::none;
  suspicious_ = false;
  size_ = total_ = 0;
  line_ = overhead_ = name_size_ = 0;
}

chunked_decoder::step chunked_decoder::advance(char* out, char const* in, std::size_t size) noexcept {
  std::size_t consumed = 0;
  std::size_t produced = 0;
  while (consumed < size && !done() && fault_ == reply_fault::none) {
    if (state_ != state::data) {
      on_byte(in[consumed++]);
      continue;
    }
    auto const block = static_cast<std::size_t>(std::min<std::uint64_t>(size_, size - consumed));
    std::memmove(out + produced, in + consumed, block);
    consumed += block;
    produced += block;
    size_ -= block;
    if (size_ == 0)
      state_ = state::data_cr;
  }
  return {consumed, produced};
}

void chunked_decoder::on_byte(char c) noexcept {
  if (++overhead_ > limits_.chunk_overhead)
    return fail(reply_fault::chunk_overhead);
  if (in_chunk_line() && c != '\r' && ++line_ > limits_.chunk_line)
    return fail(state_ == state::extension ? reply_fault::chunk_overhead : reply_fault::chunk);
  switch (state_) {
  case state::size_first:
  case state::size:
    return on_size(c);
  case state::extension:
    return on_extension(c);
  case state::size_lf:
    return c == '\n' ? on_size_complete() : fail(reply_fault::chunk);
  case state::data_cr:
    return expect('\r', c, state::data_lf);
  case state::data_lf:
    return expect('\n', c, state::size_first);
  case state::trailer_first:
  case state::trailer_name:
    return on_trailer_name(c);
  case state::trailer_value:
    if (c == '\r')
      state_ = state::trailer_lf;
    else if (!grammar::is_text_char(c))
      fail(reply_fault::chunk);
    return;
  case state::trailer_lf:
    return expect('\n', c, state::trailer_first);
  case state::last_lf:
    return expect('\n', c, state::done);
  case state::data:
  case state::done:
    return; // advance() hands over no byte in these
  }
}

void chunked_decoder::expect(char wanted, char c, state next) noexcept {
  if (c != wanted)
    return fail(reply_fault::chunk);
  state_ = next;
  line_ = 0;
  name_size_ = 0;
}

void chunked_decoder::on_size(char c) noexcept {
  int const digit = hex_value(c);
  if (digit >= 0) {
    if (size_ >= impossible_size >> 4)
      return fail(reply_fault::chunk);
    size_ = (size_ << 4) | static_cast<std::uint64_t>(digit);
    state_ = state::size;
    return;
  }
  if (state_ == state::size && c == '\r')
    state_ = state::size_lf;
  else if (state_ == state::size && c == ';')
    state_ = state::extension;
  else
    fail(reply_fault::chunk);
}

// Extensions mean nothing to us (RFC 9112 section 7.1.1); they only must not hide a line end or a control character.
void chunked_decoder::on_extension(char c) noexcept {
  if (c == '\r')
    state_ = state::size_lf;
  else if (!grammar::is_text_char(c))
    fail(reply_fault::chunk);
}

void chunked_decoder::on_size_complete() noexcept {
  if (size_ > limits_.body_bytes - total_)
    return fail(reply_fault::body);
  total_ += size_;
  name_size_ = 0;
  state_ = size_ == 0 ? state::trailer_first : state::data;
}

void chunked_decoder::on_trailer_name(char c) noexcept {
  if (state_ == state::trailer_first && c == '\r') {
    state_ = state::last_lf;
    return;
  }
  if (grammar::is_token_char(c)) {
    if (name_size_ < name_.size())
      name_[name_size_] = grammar::lower(c);
    ++name_size_;
    state_ = state::trailer_name;
    return;
  }
  if (state_ == state::trailer_first || c != ':')
    return fail(reply_fault::chunk);
  if (name_size_ <= name_.size() && is_forbidden({name_.data(), name_size_}))
    suspicious_ = true;
  state_ = state::trailer_value;
}

} // namespace hvc::http
