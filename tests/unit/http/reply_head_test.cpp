#include "catch.hpp"

#include "http/reply_head.hpp"

#include <chrono>
#include <string>

using namespace hvc::http;

namespace {

struct parsed {
  std::string bytes; // after unfolding
  head_parser parser{reply_limits{}};
  head_parser::progress progress = head_parser::progress::need_more;

  explicit parsed(std::string text, std::size_t step = 1'000'000) : bytes(std::move(text)) {
    parser.reset();
    for (std::size_t filled = 0; filled < bytes.size() && progress == head_parser::progress::need_more;) {
      filled = std::min(filled + step, bytes.size());
      progress = parser.advance(bytes.data(), filled);
    }
  }
  bool done() const { return progress == head_parser::progress::done; }
  std::string_view text(slice s) const { return {bytes.data() + s.offset, s.length}; }
};

std::string const status_line = "HTTP/1.1 200 OK\r\n";

} // namespace

TEST_CASE("a head ends where the body begins") {
  std::string const head = status_line + "Content-Length: 5\r\n\r\n";
  parsed const p{head + "hello"};
  REQUIRE(p.done());
  CHECK(p.parser.end() == head.size());
  CHECK(p.parser.head().framing == body_framing::sized);
  CHECK(p.parser.head().content_length == 5);
}

TEST_CASE("RFC 9112 6.3 the framing follows from status and fields") {
  CHECK(parsed{status_line + "Transfer-Encoding: chunked\r\n\r\n"}.parser.head().framing == body_framing::chunked);
  CHECK(parsed{status_line + "\r\n"}.parser.head().framing == body_framing::until_close);
  CHECK(parsed{"HTTP/1.1 204 X\r\nContent-Length: 3\r\n\r\n"}.parser.head().framing == body_framing::none);
  CHECK(parsed{"HTTP/1.1 304 X\r\nContent-Length: 99999999\r\n\r\n"}.parser.head().framing == body_framing::none);
}

TEST_CASE("H14 unfolding leaves spaces, whatever the step") {
  for (std::size_t const step : {1U, 2U, 5U, 1'000U}) {
    parsed const p{status_line + "Content-Type: a\r\n\tb\r\n c\r\nContent-Length: 0\r\n\r\n", step};
    REQUIRE(p.done());
    CHECK(p.text(p.parser.head().content_type) == "a   b   c");
  }
}

TEST_CASE("H14 a value that is folded over and over is unfolded in linear time") {
  std::string bytes = status_line + "Content-Type: a\r\n";
  while (bytes.size() < 256 * 1024)
    bytes += " \r\n";
  bytes += " b\r\nContent-Length: 0\r\n\r\n";
  head_parser parser{reply_limits{.head_bytes = 1024 * 1024}};
  parser.reset();
  auto const began = std::chrono::steady_clock::now();
  REQUIRE(parser.advance(bytes.data(), bytes.size()) == head_parser::progress::done);
  CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds(1)); // instrumented, and on a busy machine
  auto const type = parser.head().content_type;
  CHECK(bytes[type.offset] == 'a');
  CHECK(bytes[type.offset + type.length - 1] == 'b');
}

TEST_CASE("H6 both framings are ambiguous whatever else is wrong with them") {
  for (std::string const te : {"chunked", "gzip", "", "chunked, chunked"})
    for (std::string const length : {"5", "x", "", "5, 6"}) {
      parsed const p{status_line + "Transfer-Encoding: " + te + "\r\nContent-Length: " + length + "\r\n\r\n"};
      REQUIRE(p.progress == head_parser::progress::failed);
      CHECK(p.parser.fault() == reply_fault::ambiguous);
    }
}

TEST_CASE("H7 no damaged Transfer-Encoding passes") {
  std::string const line = "Transfer-Encoding: chunked";
  std::size_t accepted = 0;
  for (std::size_t at = line.find('c', 18); at < line.size(); ++at)
    for (int c = 0; c < 256; ++c) {
      std::string damaged = line;
      damaged[at] = static_cast<char>(c);
      parsed const p{status_line + damaged + "\r\n\r\n"};
      if (!p.done())
        continue;
      ++accepted;
      CHECK((damaged[at] | 0x20) == (line[at] | 0x20));
    }
  CHECK(accepted == 7 * 2); // either case of seven letters
}
