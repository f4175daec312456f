// Honest replies, badly framed: HTTP/1.1 (RFC 9112) and what lies below it.
#include "faults.hpp"

#include <array>

namespace hvc::simulation {
namespace {

using namespace std::chrono_literals;
using act = step::act;

constexpr std::string_view a_second_reply = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: "
                                            "2\r\n\r\n{}";

script send(std::string bytes) { return {{act::send, std::move(bytes)}}; }

script then(script s, act end) {
  s.push_back({end});
  return s;
}

script with_field(honest_reply const& h, std::string_view name, std::string value) {
  auto w = h.as_usual();
  w.fields.emplace_back(name, std::move(value));
  return send(w.bytes());
}

script with_length(honest_reply const& h, std::string value) {
  auto w = h.sized();
  w.set("content-length", std::move(value));
  return send(w.bytes());
}

script with_status_line(honest_reply const& h, std::string line) {
  auto w = h.as_usual();
  w.start = std::move(line);
  return send(w.bytes());
}

// Head and half of the body.
script half(honest_reply const& h) {
  auto const w = h.as_usual();
  return send(w.head() + w.body.substr(0, w.body.size() / 2));
}

script head_only(honest_reply const& h) {
  auto const head = h.as_usual().head();
  return send(head.substr(0, head.size() / 2));
}

wire_reply without_length(honest_reply const& h) {
  auto w = h.sized();
  w.drop("content-length");
  w.set("connection", "close");
  return w;
}

script chunked_body(honest_reply const& h, std::string body) {
  auto w = h.chunked();
  w.body = std::move(body);
  return send(w.bytes());
}

std::string repeat(std::string_view text, unsigned times) {
  std::string out;
  for (unsigned n = 0; n != times; ++n)
    out += text;
  return out;
}

script closing(honest_reply const& h) {
  auto r = h.reply;
  r.close = true;
  return play(r, h.chunked_by_default, h.now);
}

script many_fields(honest_reply const& h) {
  auto w = h.as_usual();
  for (unsigned n = 0; n != 101; ++n)
    w.fields.emplace_back("x-" + std::to_string(n), "y");
  return send(w.bytes());
}

script one_by_one(honest_reply const& h) { return {{act::drip, h.as_usual().bytes(), 100ms}}; }

script bytes_while_idle(honest_reply const& h) {
  auto s = send(h.as_usual().bytes());
  s.push_back({act::wait, {}, 5ms});
  s.push_back({act::send, "HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"});
  return s;
}

script huge(honest_reply const& h) {
  return send(h.with_body('"' + std::string(std::size_t(9) * 1024 * 1024, 'x') + '"').bytes());
}

} // namespace

std::span<fault const> framing_faults() noexcept {
  using h = honest_reply const&;
  static constexpr std::array table{
      // The connection
      fault{"reset", "P6", "RST before a byte of the reply", +[](h) { return script{{act::reset}}; }},
      fault{"close", "P2 P3", "FIN without a reply", +[](h) { return script{{act::close}}; }},
      fault{"stall", "P7", "never answers", +[](h) { return script{{act::keep_silent}}; }},
      fault{"truncate", "H1", "half of the body, then FIN without close_notify",
            +[](h r) { return then(half(r), act::hang_up); }},
      fault{"truncate-reset", "", "half of the body, then RST", +[](h r) { return then(half(r), act::reset); }},
      fault{"truncate-head", "", "half of the head, then FIN without close_notify",
            +[](h r) { return then(head_only(r), act::hang_up); }},
      fault{"notify-in-body", "T26", "half of the body, then an orderly close of TLS",
            +[](h r) { return then(half(r), act::close); }},
      fault{"stall-in-body", "", "half of the body, then silence",
            +[](h r) { return then(half(r), act::keep_silent); }},
      fault{"slow", "H30", "a byte each 100 ms", one_by_one},
      fault{"close-after", "H24", "connection: close", closing},
      fault{"close-idle", "P1", "the reply, then an unannounced close",
            +[](h r) { return then(send(r.as_usual().bytes()), act::close); }},
      fault{"no-close-notify", "T24", "the reply, then FIN without close_notify",
            +[](h r) { return then(send(r.as_usual().bytes()), act::hang_up); }},
      fault{"idle-bytes", "H26", "the reply, and 5 ms later a 408 nobody asked for", bytes_while_idle},
      fault{"garbage", "T27", "no reply, but bytes that are no TLS record",
            +[](h) {
              return script{{act::send_in_clear, "\x80\x01 this is no TLS record"}, {act::keep_silent}};
            }},
      // The length
      fault{"bad-length", "H5", "content-length: +5", +[](h r) { return with_length(r, "+5"); }},
      fault{"huge-length", "", "content-length: 18446744073709551621",
            +[](h r) { return with_length(r, "18446744073709551621"); }},
      fault{"two-lengths", "H3", "two different lengths",
            +[](h r) {
              auto w = r.sized();
              w.fields.emplace_back("content-length", std::to_string(w.body.size() + 1));
              return send(w.bytes());
            }},
      fault{"same-lengths", "H4", "the same length twice",
            +[](h r) {
              auto w = r.sized();
              w.fields.emplace_back("content-length", std::to_string(w.body.size()));
              return send(w.bytes());
            }},
      fault{"te-cl", "H6", "transfer-encoding and content-length",
            +[](h r) {
              auto w = r.chunked();
              w.fields.emplace_back("content-length", std::to_string(r.reply.body.size()));
              return send(w.bytes());
            }},
      fault{"extra-bytes", "H2 H25", "a second reply behind the first",
            +[](h r) { return send(r.as_usual().bytes() + std::string(a_second_reply)); }},
      fault{"no-length", "H23", "no length, an orderly close at the end",
            +[](h r) { return then(send(without_length(r).bytes()), act::close); }},
      fault{"no-length-truncated", "T25", "no length, FIN without close_notify at the end",
            +[](h r) { return then(send(without_length(r).bytes()), act::hang_up); }},
      fault{"huge-body", "H31", "a body of 9 MB", huge},
      // Chunks
      fault{"bad-te", "H7", "transfer-encoding: gzip, chunked",
            +[](h r) {
              auto w = r.chunked();
              w.set("transfer-encoding", "gzip, chunked");
              return send(w.bytes());
            }},
      fault{"trailers", "H8", "trailers behind the last chunk",
            +[](h r) {
              auto body = as_chunks(r.reply.body);
              body.insert(body.size() - 2, "x-checksum: 1\r\ncontent-length: 3\r\n");
              return chunked_body(r, std::move(body));
            }},
      fault{"bad-chunk", "H9", "a chunk of size -5", +[](h r) { return chunked_body(r, "-5\r\nhello\r\n0\r\n\r\n"); }},
      fault{"chunk-extensions", "H10", "300 chunk extensions of 200 bytes",
            +[](h r) {
              auto const one = "1;x=" + std::string(200, 'y') + "\r\n \r\n"; // white space, which JSON allows
              return chunked_body(r, repeat(one, 300) + as_chunks(r.reply.body));
            }},
      fault{"bad-chunk-end", "H11", "no CRLF behind the data of a chunk",
            +[](h r) { return chunked_body(r, "2\r\n{}0\r\n\r\n"); }},
      // The head
      fault{"big-head", "H12", "a field of 64 KB",
            +[](h r) { return with_field(r, "x-big", std::string(65536, 'x')); }},
      fault{"many-fields", "H13", "more than 100 fields", many_fields},
      fault{"folded-length", "H14", "a content-length folded over two lines",
            +[](h r) { return with_length(r, "\r\n " + std::to_string(r.reply.body.size())); }},
      fault{"bad-field", "H15", "a space before a field's colon", +[](h r) { return with_field(r, "x-bad ", "y"); }},
      fault{"bad-status", "H17", "status 999", +[](h r) { return with_status_line(r, "HTTP/1.1 999 Odd"); }},
      fault{"http-1.0", "H18", "HTTP/1.0, closed afterwards",
            +[](h r) {
              auto w = r.sized();
              w.start.replace(0, 8, "HTTP/1.0");
              return then(send(w.bytes()), act::close);
            }},
      fault{"http-1.0-chunked", "H19", "HTTP/1.0 with chunks",
            +[](h r) {
              auto w = r.chunked();
              w.start.replace(0, 8, "HTTP/1.0");
              return send(w.bytes());
            }},
      fault{"early-hints", "H20", "a 103 before the reply",
            +[](h r) { return send("HTTP/1.1 103 Early Hints\r\nlink: </>\r\n\r\n" + r.as_usual().bytes()); }},
      fault{"many-hints", "", "nine 103 before the reply",
            +[](h r) { return send(repeat("HTTP/1.1 103 Early Hints\r\n\r\n", 9) + r.as_usual().bytes()); }},
      fault{"upgrade", "H21", "101 Switching Protocols",
            +[](h) { return send("HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n"); }},
      fault{"gzip", "H32", "content-encoding: gzip", +[](h r) { return with_field(r, "content-encoding", "gzip"); }},
  };
  return table;
}

} // namespace hvc::simulation
