#include "catch.hpp"
#include "repeated.hpp"

#include "verdict.hpp"

#include <string>

using namespace hvc::http;
using namespace hvc::http::test;
using hvc::test::repeated;

namespace {

std::string const ok = "HTTP/1.1 200 OK\r\n";
std::string const chunked_ok = ok + "Transfer-Encoding: chunked\r\n\r\n";

// A whole reply, read in one piece.
reply read(std::string const& bytes) {
  reply_reader reader{reply_limits{}};
  reader.begin();
  receive(reader, bytes);
  REQUIRE(reader.commit(0) == progress::reply);
  return reader.take();
}

reply read_fields(std::string const& lines) { return read(ok + "Content-Length: 2\r\n" + lines + "\r\nok"); }

std::string small(std::string const& bytes, reply_limits const& limits) {
  return verdict_however_split(bytes, ending::open, limits);
}

} // namespace

TEST_CASE("a reply names the fields that are of interest, whatever the case of their names") {
  reply const r =
      read_fields("content-TYPE: application/json \r\nRetry-After:\t7\r\nDate: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
                  "X-Other: ignored\r\nCONTENT-ENCODING: gzip\r\n");
  CHECK(r.status == 200);
  CHECK(r.reusable);
  CHECK(r.text(r.body) == "ok");
  CHECK(r.text(r.content_type) == "application/json");
  CHECK(r.text(r.retry_after) == "7");
  CHECK(r.text(r.date) == "Sun, 06 Nov 1994 08:49:37 GMT");
  CHECK(r.text(r.content_encoding) == "gzip");
  CHECK(!r.keep_alive_timeout);
}

TEST_CASE("a reply without such fields has them empty") {
  reply const r = read_fields("");
  CHECK(r.text(r.content_type).empty());
  CHECK(r.text(r.retry_after).empty());
  CHECK(r.text(r.date).empty());
  CHECK(r.text(r.content_encoding).empty());
}

TEST_CASE("fields of an interim reply do not leak into the final one") {
  reply const r = read("HTTP/1.1 103 Early Hints\r\nContent-Type: text/html\r\nRetry-After: 9\r\n\r\n" + ok +
                       "Content-Length: 2\r\nRetry-After: 1\r\n\r\nok");
  CHECK(r.text(r.content_type).empty());
  CHECK(r.text(r.retry_after) == "1");
  CHECK(r.text(r.body) == "ok");
}

TEST_CASE("R4 Retry-After given twice is as good as none") {
  reply const r = read_fields("Retry-After: 1\r\nRetry-After: 1\r\n");
  CHECK(r.text(r.retry_after).empty());
}

TEST_CASE("H32 a second Content-Encoding cannot hide behind identity") {
  reply const hidden = read_fields("Content-Encoding: identity\r\nContent-Encoding: gzip\r\n");
  CHECK(hidden.text(hidden.content_encoding) == "gzip");
  reply const first = read_fields("Content-Encoding: gzip\r\nContent-Encoding: identity\r\n");
  CHECK(first.text(first.content_encoding) == "gzip");
}

TEST_CASE("H14 a folded value is unfolded with spaces") {
  reply const r = read_fields("Content-Type: application/json;\r\n\tcharset=utf-8\r\nDate:\r\n  today\r\n");
  CHECK(r.text(r.content_type) == "application/json;   charset=utf-8");
  CHECK(r.text(r.date) == "today");
}

TEST_CASE("H24 the time-out of Keep-Alive is handed out") {
  reply const r = read_fields("Connection: keep-alive\r\nKeep-Alive: timeout=5, max=1\r\n");
  CHECK(r.reusable);
  CHECK(r.keep_alive_timeout == std::chrono::seconds{5});
}

TEST_CASE("the body with chunking removed lies in one piece") {
  reply const r = read(chunked_ok + "2\r\nhe\r\n1;x=y\r\nl\r\n2\r\nlo\r\n0\r\nX: y\r\n\r\n");
  CHECK(r.text(r.body) == "hello");
  CHECK(r.reusable);
}

TEST_CASE("H12 the header may have as many bytes as the limit says, and no more") {
  reply_limits limits;
  std::string const head = ok + "Content-Length: 2\r\nX: yyyyyyyyyy\r\n\r\n";
  limits.head_bytes = head.size() + 1;
  CHECK(small(head + "ok", limits) == "200 keep ok");
  limits.head_bytes = head.size();
  CHECK(small(head + "ok", limits) == "200 keep ok");
  limits.head_bytes = head.size() - 1;
  CHECK(small(head + "ok", limits) == "limit(headers)");
}

TEST_CASE("H12 one endless line and an endless header end at the limit") {
  CHECK(verdict({ok + "X: " + std::string(20'000, 'y')}, ending::open) == "limit(headers)");
  CHECK(verdict({ok + repeated("X: y\r\n", 90) + "Y: " + std::string(17'000, 'y')}, ending::open) == "limit(headers)");
  CHECK(verdict({ok + "Content-Length: 0\r\nX: " + std::string(9'000, 'y') + "\r\n\r\n"}, ending::open) == "200 keep ");
  CHECK(verdict(bytewise(ok + "X: " + std::string(16'384, 'y')), ending::open) == "limit(headers)");
}

TEST_CASE("H13 limits.header_fields: as many are accepted, one more is not") {
  reply_limits limits;
  limits.fields = 5;
  for (std::size_t const more : {3U, 4U, 5U})
    CHECK(small(ok + "Content-Length: 0\r\n" + repeated("X: y\r\n", more) + "\r\n", limits) ==
          (more < 5 ? "200 keep " : "limit(header_count)"));
  CHECK(small(ok + "Content-Length: 0\r\n" + repeated("X: y\r\n", 98) + "\r\n", {}) == "200 keep ");
  CHECK(small(ok + "Content-Length: 0\r\n" + repeated("X: y\r\n", 99) + "\r\n", {}) == "200 keep ");
  CHECK(small(ok + "Content-Length: 0\r\n" + repeated("X: y\r\n", 100) + "\r\n", {}) == "limit(header_count)");
}

TEST_CASE("H20 interim replies share the header limit with the final one") {
  reply_limits limits;
  std::string const interim = "HTTP/1.1 103 Early Hints\r\nLink: " + std::string(60, 'x') + "\r\n\r\n";
  std::string const final = ok + "Content-Length: 2\r\n\r\n";
  limits.head_bytes = 3 * interim.size() + final.size();
  CHECK(small(repeated(interim, 3) + final + "ok", limits) == "200 keep ok");
  CHECK(small(repeated(interim, 4) + final + "ok", limits) == "limit(headers)");
}

TEST_CASE("H31 a body over the limit is refused however it is framed, one at the limit is not") {
  reply_limits limits;
  limits.body_bytes = 8;
  CHECK(small(ok + "Content-Length: 7\r\n\r\n1234567", limits) == "200 keep 1234567");
  CHECK(small(ok + "Content-Length: 8\r\n\r\n12345678", limits) == "200 keep 12345678");
  CHECK(small(ok + "Content-Length: 9\r\n\r\n", limits) == "limit(body)");
  CHECK(small(chunked_ok + "4\r\n1234\r\n3\r\n567\r\n0\r\n\r\n", limits) == "200 keep 1234567");
  CHECK(small(chunked_ok + "4\r\n1234\r\n4\r\n5678\r\n0\r\n\r\n", limits) == "200 keep 12345678");
  CHECK(small(chunked_ok + "4\r\n1234\r\n5\r\n", limits) == "limit(body)");
  CHECK(verdict_however_split(ok + "\r\n1234567", ending::clean, limits) == "200 drop 1234567");
  CHECK(verdict_however_split(ok + "\r\n12345678", ending::clean, limits) == "200 drop 12345678");
  CHECK(verdict_however_split(ok + "\r\n123456789", ending::clean, limits) == "limit(body)");
}

TEST_CASE("H31 the buffer never exceeds the limits by more than 64 KB, whatever is claimed or sent") {
  reply_limits limits;
  limits.body_bytes = 100'000;
  std::size_t const bound = limits.head_bytes + limits.body_bytes + 64 * 1024;
  for (std::string const& head : {ok + "Content-Length: 100000\r\n\r\n", chunked_ok + "186a0\r\n", ok + "\r\n"}) {
    reply_reader reader{limits};
    reader.begin();
    receive(reader, head);
    char const* const start = reader.prepare(1).data() - head.size();
    CHECK(static_cast<std::size_t>(reader.prepare(1).data() - start) <= head.size());
    std::size_t sent = 0;
    while (reader.commit(0) == progress::need_more && sent < 200'000) {
      std::span<char> const room = reader.prepare(1'000'000);
      REQUIRE(!room.empty());
      REQUIRE(sent + room.size() <= bound);
      std::size_t const n = std::min<std::size_t>(room.size(), 1'000);
      std::memset(room.data(), 'x', n);
      sent += n;
      reader.commit(n);
    }
    CHECK(sent < 102'000);
  }
}

TEST_CASE("H31 a claimed length reserves no more than 64 KB at a time") {
  reply_reader reader{reply_limits{}};
  reader.begin();
  receive(reader, ok + "Content-Length: 1048576\r\n\r\n");
  CHECK(reader.prepare(1).size() <= 64 * 1024);
}

TEST_CASE("T24 an end behind a complete reply leaves it whole, but the connection is not reusable") {
  for (bool const clean : {true, false}) {
    reply_reader reader{reply_limits{}};
    reader.begin();
    receive(reader, ok + "Content-Length: 2\r\n\r\nok");
    CHECK(reader.end(clean) == progress::reply);
    CHECK(describe(reader.take()) == "200 drop ok");
  }
}

TEST_CASE("H25 a second reply behind the first is surplus, never a reply") {
  reply_reader reader{reply_limits{}};
  reader.begin();
  receive(reader, ok + "Content-Length: 2\r\n\r\nok");
  CHECK(!reader.surplus());
  receive(reader, ok);
  CHECK(reader.surplus());
  reply const r = reader.take();
  CHECK(describe(r) == "200 drop ok");
}

TEST_CASE("the reader knows whether a reply began and how far it is") {
  reply_reader reader{reply_limits{}};
  reader.begin();
  CHECK(!reader.started());
  CHECK(reader.stage() == hvc::stage::head);
  receive(reader, "H");
  CHECK(reader.started());
  receive(reader, "TTP/1.1 200 OK\r\nContent-Length: 2\r\n\r");
  CHECK(reader.stage() == hvc::stage::head);
  receive(reader, "\n");
  CHECK(reader.stage() == hvc::stage::body);
  CHECK(reader.end(false) == progress::failed);
  CHECK(reader.commit(0) == progress::failed);
  hvc::failure const f = reader.take_failure();
  CHECK(f.stage == hvc::stage::body);
  CHECK(f.kind == hvc::error_kind::connection_lost);
  CHECK(f.reason == "in_body");
}

TEST_CASE("a reader begins anew after a failure and after a reply") {
  reply_reader reader{reply_limits{}};
  for (int round = 0; round < 3; ++round) {
    reader.begin();
    CHECK(!reader.started());
    receive(reader, ok + "Connection: close\r\nTransfer-Encoding: chunked\r\n\r\nx");
    CHECK(describe(reader.take_failure()) == "protocol(chunk)");
    reader.begin();
    receive(reader, chunked_ok + "2\r\nok\r\n0\r\nHost: x\r\n\r\n");
    CHECK(describe(reader.take()) == "200 drop ok");
    reader.begin();
    receive(reader, ok + "Content-Length: 2\r\n\r\nok");
    CHECK(describe(reader.take()) == "200 keep ok");
  }
}

TEST_CASE("a recycled buffer is used again at the same address") {
  reply_reader reader{reply_limits{}};
  std::string recycled;
  char const* address = nullptr;
  for (int round = 0; round < 100; ++round) {
    reader.begin(std::move(recycled));
    std::span<char> const room = reader.prepare(4'096);
    std::string const bytes = ok + "Content-Length: 1000\r\n\r\n" + std::string(1'000, 'x');
    std::memcpy(room.data(), bytes.data(), bytes.size());
    REQUIRE(reader.commit(bytes.size()) == progress::reply);
    reply r = reader.take();
    if (round == 0)
      address = r.bytes.data();
    REQUIRE(r.bytes.data() == address);
    recycled = std::move(r.bytes);
  }
}

TEST_CASE("a recycled buffer that was cleared, or is larger than the bound, is no harm") {
  reply_limits limits;
  limits.body_bytes = 10;
  reply_reader reader{limits};
  for (std::string recycled : {std::string{}, std::string(1'000'000, 'x')}) {
    recycled.clear();
    reader.begin(std::move(recycled));
    CHECK(reader.prepare(1).size() <= limits.head_bytes + limits.body_bytes + 64 * 1024);
    receive(reader, ok + "Content-Length: 2\r\n\r\nok");
    CHECK(describe(reader.take()) == "200 keep ok");
  }
}
