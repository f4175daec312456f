#include "catch.hpp"
#include "simulator/wire.hpp"

using namespace hvc;
using namespace hvc::simulation;

namespace {

constexpr date_time date{std::chrono::seconds(784'111'777)}; // RFC 9110's own example

} // namespace

TEST_CASE("a sized reply is rendered in lower case, with its date") {
  CHECK(render(canned_reply(200, "{}"), false, date).bytes() ==
        "HTTP/1.1 200 OK\r\ndate: Sun, 06 Nov 1994 08:49:37 GMT\r\nserver: envoy\r\n"
        "content-type: application/json\r\ncontent-length: 2\r\n\r\n{}");
}

TEST_CASE("a chunked reply is cut into chunks, and a reply may ask for either") {
  canned_reply r(200, std::string(1001, 'x'));
  auto const w = render(r, true, date);
  CHECK(w.body == "3e8\r\n" + std::string(1000, 'x') + "\r\n1\r\nx\r\n0\r\n\r\n");
  r.chunked = false;
  CHECK(render(r, true, date).body.size() == 1001);
  CHECK(as_chunks("") == "0\r\n\r\n");
}

TEST_CASE("204 and 304 have neither body nor length") {
  for (int status : {204, 304}) {
    auto const w = render(canned_reply(status, "ignored", ""), false, date);
    CHECK(w.body.empty());
    CHECK(w.head().find("content-length") == std::string::npos);
  }
}

TEST_CASE("a field is replaced whatever its case") {
  wire_reply w;
  w.fields = {{"A", "1"}, {"b", "2"}, {"a", "3"}};
  w.set("a", "4");
  CHECK(w.fields == simulated_fields{{"b", "2"}, {"a", "4"}});
}

TEST_CASE("a request's field is found whatever its case") {
  simulated_request r;
  r.fields = {{"X-One", "1"}, {"x-one", "2"}};
  CHECK(r.field("x-ONE") == "1");
  CHECK(r.field("x-two").empty());
}

TEST_CASE("a reply that closes is followed by an orderly close") {
  canned_reply r(200, "");
  CHECK(play(r, false, date).size() == 1);
  r.close = true;
  auto const s = play(r, false, date);
  REQUIRE(s.size() == 2);
  CHECK(s[0].bytes.find("connection: close\r\n") != std::string::npos);
  CHECK(s[1].what == step::act::close);
}
