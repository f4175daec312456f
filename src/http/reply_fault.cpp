// The table from a reply's fault to kind, reason and a sentence for a person. Never quotes the server's bytes.
#include "http/reply_fault.hpp"

namespace hvc::http {

namespace {

struct description {
  error_kind kind;
  std::string_view reason;
  std::string_view text;
};

description describe(reply_fault fault) noexcept {
  using enum reply_fault;
  constexpr auto protocol = error_kind::protocol;
  constexpr auto limit = error_kind::limit;
  constexpr auto lost = error_kind::connection_lost;
  switch (fault) {
  case none:
    break;
  case version:
    return {protocol, "version", "the reply does not begin with HTTP/1.1 or HTTP/1.0"};
  case status:
    return {protocol, "status", "the status line holds no status of 100 to 599"};
  case header:
    return {protocol, "header", "the reply's header is malformed"};
  case length:
    return {protocol, "length", "Content-Length is no number, or two numbers"};
  case transfer_encoding:
    return {protocol, "transfer_encoding", "Transfer-Encoding is not exactly one \"chunked\""};
  case ambiguous:
    return {protocol, "ambiguous", "the reply has both Transfer-Encoding and Content-Length"};
  case chunk:
    return {protocol, "chunk", "the chunked body is malformed"};
  case upgrade:
    return {protocol, "upgrade", "the server switches protocols unasked"};
  case headers:
    return {limit, "headers", "the reply's header is too long"};
  case header_count:
    return {limit, "header_count", "the reply has too many header fields"};
  case interim:
    return {limit, "interim", "too many interim replies"};
  case body:
    return {limit, "body", "the reply's body is too long"};
  case chunk_overhead:
    return {limit, "chunk_overhead", "the chunked body holds too much that is no data"};
  case before_headers:
    return {lost, "before_headers", "the connection ended before a reply"};
  case in_headers:
    return {lost, "in_headers", "the connection ended within the reply's header"};
  case in_body:
    return {lost, "in_body", "the connection ended within the reply's body"};
  }
  return {protocol, "header", {}};
}

} // namespace

failure to_failure(reply_fault fault, stage where) {
  description const d = describe(fault);
  failure f;
  f.kind = d.kind;
  f.reason = d.reason;
  f.stage = where;
  f.text = d.text;
  return f;
}

} // namespace hvc::http
