#include "catch.hpp"
#include "repeated.hpp"

#include "http/chunked.hpp"

#include <string>

using namespace hvc::http;
using hvc::test::repeated;

namespace {

struct decoded {
  std::string data;
  std::size_t consumed = 0;
  bool done = false;
  bool suspicious = false;
  reply_fault fault = reply_fault::none;
  friend bool operator==(decoded const&, decoded const&) = default;
};

// Decodes in place, `step` bytes at a time.
decoded decode(std::string bytes, std::size_t step, reply_limits const& limits = {}) {
  chunked_decoder decoder{limits};
  decoded o;
  std::size_t out = 0;
  for (std::size_t in = 0; in < bytes.size() && !decoder.done() && decoder.fault() == reply_fault::none;) {
    auto const s = decoder.advance(bytes.data() + out, bytes.data() + in, std::min(step, bytes.size() - in));
    out += s.produced;
    in += s.consumed;
    o.consumed = in;
  }
  o.data = bytes.substr(0, out);
  o.done = decoder.done();
  o.suspicious = decoder.suspicious();
  o.fault = decoder.fault();
  return o;
}

// The same, if every step size agrees.
decoded decode(std::string const& bytes, reply_limits const& limits = {}) {
  decoded const whole = decode(bytes, bytes.size(), limits);
  for (std::size_t const step : {1U, 2U, 3U, 7U})
    CHECK(decode(bytes, step, limits) == whole);
  return whole;
}

} // namespace

TEST_CASE("data is joined in place and the decoder stops at the body's end") {
  std::string const body = "2\r\nhe\r\n3;x=y\r\nllo\r\n0\r\n\r\n";
  decoded const o = decode(body + "HTTP/1.1 200 OK");
  CHECK(o.data == "hello");
  CHECK(o.done);
  CHECK(o.consumed == body.size());
  CHECK(!o.suspicious);
}

TEST_CASE("data that looks like chunking is data") {
  CHECK(decode("7\r\n0\r\n\r\n\r\n\r\n0\r\n\r\n").data == "0\r\n\r\n\r\n");
}

TEST_CASE("H8 trailers are skipped, a forbidden one is remembered") {
  decoded const harmless = decode("0\r\nX-Sum: 1\r\nServer-Timing: x\r\n\r\n");
  CHECK(harmless.done);
  CHECK(!harmless.suspicious);
  CHECK(decode("0\r\nX: y\r\ncontent-LENGTH: 5\r\n\r\n").suspicious);
  CHECK(!decode("0\r\nContent-Length-Of-Something-Else: 5\r\n\r\n").suspicious);
}

TEST_CASE("H8 a trailer section of 1 MB, and one that never ends, meet the limit") {
  CHECK(decode("0\r\nX: " + std::string(1'000'000, 'y'), 4'096).fault == reply_fault::chunk_overhead);
  CHECK(decode("0\r\n" + repeated("X: y\r\n", 100'000), 4'096).fault == reply_fault::chunk_overhead);
  CHECK(decode("0\r\n" + std::string(20'000, 'N'), 4'096).fault == reply_fault::chunk_overhead);
}

TEST_CASE("H9 five thousand zeros are no size") {
  CHECK(decode(std::string(5'000, '0') + "\r\n\r\n").fault == reply_fault::chunk);
}

TEST_CASE("H10 extensions count as overhead, in a line and in all") {
  CHECK(decode("1;" + std::string(1'000'000, 'x'), 4'096).fault == reply_fault::chunk_overhead);
  CHECK(decode("1;" + std::string(4'096, 'x') + "\r\na\r\n", 4'096).fault == reply_fault::chunk_overhead);
  CHECK(decode(repeated("1;" + std::string(200, 'x') + "\r\na\r\n", 100)).fault == reply_fault::chunk_overhead);
}

TEST_CASE("H10 the overhead may be as large as its limit") {
  reply_limits limits;
  std::string const body = "1\r\na\r\n1;x\r\nb\r\n0\r\nX: y\r\n\r\n";
  limits.chunk_overhead = body.size() - 2;
  CHECK(decode(body, limits).done);
  --limits.chunk_overhead;
  CHECK(decode(body, limits).fault == reply_fault::chunk_overhead);
}

TEST_CASE("H31 the sum of the sizes is limited before the data comes") {
  reply_limits limits;
  limits.body_bytes = 4;
  CHECK(decode("2\r\nab\r\n2\r\ncd\r\n0\r\n\r\n", limits).done);
  CHECK(decode("2\r\nab\r\n3\r\n", limits).fault == reply_fault::body);
}
