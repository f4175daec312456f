// The committed list of verdicts, and the differences to Boost.Beast's parser: what Beast refuses and the reader
// accepts must have a reason in the short list below, whichever Beast it is.
#include "catch.hpp"

#include "verdict.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace {

using namespace std::literals;
using namespace hvc::http::test;

struct entry {
  std::string_view bytes;
  ending how;
  std::string_view verdict;
};

constexpr entry entries[] = {
#include "verdicts.inc"
};

bool accepted(std::string_view verdict) {
  return verdict.size() > 4 && (verdict.substr(4).starts_with("keep ") || verdict.substr(4).starts_with("drop "));
}

// What Beast makes of the same bytes: the same words, but for reuse ("same ...") and the reason of a refusal.
std::string beast_verdict(std::string_view bytes, ending how) {
  namespace http = boost::beast::http;
  for (;;) {
    http::response_parser<http::string_body> parser;
    parser.eager(true);
    parser.header_limit(16 * 1024);
    boost::beast::error_code ec;
    std::size_t used = 0;
    while (!ec && !parser.is_done() && used < bytes.size()) {
      std::size_t const n = parser.put(boost::asio::buffer(bytes.data() + used, bytes.size() - used), ec);
      used += n;
      if (!ec && n == 0)
        break;
    }
    if (ec == http::error::need_more)
      ec = {};
    if (!ec && !parser.is_done() && how == ending::clean && parser.got_some())
      parser.put_eof(ec);
    if (ec)
      return "refused: " + ec.message();
    if (!parser.is_done())
      return "need_more";
    if (parser.get().result_int() / 100 == 1) {
      bytes.remove_prefix(used);
      continue;
    }
    return std::to_string(parser.get().result_int()) + " same " + parser.get().body();
  }
}

// The reader is more lenient than some Beast in nothing but these.
std::optional<std::string_view> known_leniency(std::string_view bytes) {
  auto const has = [&](std::string_view part) { return bytes.find(part) != std::string_view::npos; };
  std::size_t const last_chunk = bytes.find("\r\n0\r\n");
  bool const has_trailer = last_chunk != std::string_view::npos && !bytes.substr(last_chunk + 5).starts_with("\r\n");
  if (has("Transfer-Encoding: chunked") && has_trailer)
    return "trailers are skipped, not parsed";
  if (has("Transfer-Encoding: chunked") && has(";"))
    return "the syntax of chunk extensions is not looked at: they mean nothing here";
  if (has("00000"))
    return "leading zeros of a chunk's size are counted against its line, not refused";
  if (has("Connection: \"close\"") || has("Connection: clo se") || has("Connection: keep-alive ;close"))
    return "an odd Connection value costs the connection, not the reply";
  if (has("HTTP/1.1 100 Continue\r\nT") || has("HTTP/1.1 100 Continue\r\nContent-Length: 5"))
    return "framing fields in an interim reply only cost the connection: RFC 9112 section 6.3 ignores them";
  if (has(" 204 X\r\nT") || has(" 304 X\r\nT") || has(" 204 X\r\nContent-Length: 5") ||
      has(" 304 X\r\nContent-Length: 5"))
    return "so do they where a status has no body";
  if (has("Content-Length: 5\r\nX: y\r\ncontent-length: 05") || has("Content-Length: 5, 5") ||
      has("Content-Length: 5,5") || has("Content-Length: 5 , 5, 5"))
    return "equal lengths are one length (RFC 9110 section 8.6), but cost the connection";
  return std::nullopt;
}

} // namespace

TEST_CASE("H36 every reply of the committed list gets its verdict, however it is split") {
  CHECK(std::size(entries) >= 150);
  for (entry const& e : entries) {
    CAPTURE(std::string{e.bytes});
    CHECK(verdict_however_split(e.bytes, e.how) == e.verdict);
  }
}

TEST_CASE("what Beast refuses and the reader accepts has a known reason") {
  std::size_t compared = 0;
  for (entry const& e : entries) {
    if (!accepted(e.verdict) || e.how == ending::unclean)
      continue;
    ++compared;
    std::string const theirs = beast_verdict(e.bytes, e.how);
    CAPTURE(std::string{e.bytes}, theirs);
    if (theirs.starts_with("refused"))
      CHECK(known_leniency(e.bytes).has_value());
  }
  CHECK(compared >= 80);
}

TEST_CASE("where Beast and the reader both accept a reply they read the same status and body") {
  for (entry const& e : entries) {
    if (!accepted(e.verdict) || e.how == ending::unclean)
      continue;
    std::string theirs = beast_verdict(e.bytes, e.how);
    if (theirs.starts_with("refused") || theirs == "need_more")
      continue;
    CAPTURE(std::string{e.bytes}, theirs);
    CHECK(theirs.substr(0, 3) == e.verdict.substr(0, 3));
    CHECK(theirs.substr(9) == e.verdict.substr(9));
  }
}
