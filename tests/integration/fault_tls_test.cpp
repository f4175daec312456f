// Servers that end, garble or dawdle within TLS: each test is a conversation.
#include "fault_fixture.hpp"

#include <atomic>
#include <string>

using namespace hvc;
using namespace hvc::test;

namespace {

void say_and_close(conversation& c, std::string_view bytes) {
  c.shake_hands();
  c.hear();
  c.say(bytes);
  c.farewell();
  c.wait_for_end();
}

} // namespace

TEST_CASE("T24 FIN without close_notify behind a complete body is no loss, and the connection is not used again") {
  fault_world w([](conversation& c) {
    c.shake_hands();
    c.hear();
    c.say(good_reply());
    c.hang_up();
  });
  auto client = w.make_client();
  CHECK(outcome_of(w.get(client)) == "OK");
  CHECK(outcome_of(w.get(client)) == "OK");
  CHECK(w.server.connections() == 2);
}

TEST_CASE("T25 H23 a body that ends with the connection is complete with close_notify, and lost without") {
  auto const bytes = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n" + std::string(an_info);
  SECTION("close_notify") {
    fault_world w([&](conversation& c) { say_and_close(c, bytes); });
    auto client = w.make_client();
    CHECK(outcome_of(w.get(client)) == "OK");
  }
  SECTION("FIN alone") {
    fault_world w([&](conversation& c) {
      c.shake_hands();
      c.hear();
      c.say(bytes);
      c.hang_up();
    });
    auto client = w.make_client();
    CHECK(outcome_of(w.get(client)) == "connection_lost(in_body)");
    CHECK(w.server.connections() == 3); // one for each attempt
  }
}

TEST_CASE("T26 close_notify within the head or the body is a loss") {
  SECTION("head") {
    fault_world w([](conversation& c) { say_and_close(c, "HTTP/1.1 200 OK\r\ncontent-le"); });
    auto client = w.make_client(one_attempt(w.options()));
    CHECK(outcome_of(w.get(client)) == "connection_lost(in_headers)");
  }
  SECTION("body") {
    fault_world w(
        [](conversation& c) { say_and_close(c, "HTTP/1.1 200 OK\r\ncontent-length: 57\r\n\r\n{\"status\""); });
    auto client = w.make_client(one_attempt(w.options()));
    CHECK(outcome_of(w.get(client)) == "connection_lost(in_body)");
  }
}

TEST_CASE("T27 bytes that are no TLS record end the call with protocol(tls), after one attempt") {
  fault_world w([](conversation& c) {
    c.shake_hands();
    c.hear();
    c.say("HTTP/1.1 200 OK\r\n");
    c.say_in_clear("\x80\x01 this is no TLS record");
    c.wait_for_end();
  });
  auto client = w.make_client();
  CHECK(outcome_of(w.get(client)) == "protocol(tls)");
  CHECK(w.server.connections() == 1);
}

// The record and message header of a ServerHello, which then comes byte by byte and would take for ever.
TEST_CASE("T13 a handshake that crawls or stops within the server's first message is tls_timeout") {
  bool const crawls = GENERATE(false, true);
  fault_world w([&](conversation& c) {
    c.say_in_clear({"\x16\x03\x03\x00\x7a\x02\x00\x00\x76\x03\x03", 11});
    while (crawls) {
      c.pause(10ms);
      c.say_in_clear("x");
    }
    c.wait_for_end();
  });
  auto o = w.options();
  o.timeouts().handshake = 200ms;
  auto client = w.make_client(o);
  auto const r = w.get(client);
  REQUIRE(r.has_error());
  CHECK(name_of(r.error()) == "tls_timeout");
  CHECK(r.error().stage() == stage::handshake);
  CHECK(r.error().attempts() == 1);
  CHECK(client.stats().connecting == 0);
  CHECK(w.server.connections() == 1);
}

TEST_CASE("T33 a peer that is silent at the end does not hold up a close, and is sent close_notify") {
  std::atomic<int> ended = -1;
  {
    fault_world w([&](conversation& c) {
      c.shake_hands();
      c.hear();
      c.say(good_reply());
      ended = static_cast<int>(c.wait_for_end());
    });
    auto client = w.make_client();
    CHECK(outcome_of(w.get(client)) == "OK");
    auto const before = std::chrono::steady_clock::now();
    w.close(client);
    CHECK(std::chrono::steady_clock::now() - before < 2s);
  }
  CHECK(ended == static_cast<int>(conversation::end::close_notify));
}

TEST_CASE("T33 a connection that its own reply ends is sent close_notify too") {
  auto const closing = reply("200 OK", an_info, "connection: close\r\n");
  for (auto const& bytes : {closing, good_reply() + "and more", good_reply() + good_reply()}) {
    CAPTURE(bytes);
    std::atomic<int> ended = -1;
    fault_world w([&](conversation& c) {
      c.shake_hands();
      c.hear();
      c.say(bytes);
      ended = static_cast<int>(c.wait_for_end());
    });
    auto client = w.make_client();
    CHECK(outcome_of(w.get(client)) == "OK");
    REQUIRE(w.run_until([&] { return ended != -1; }));
    CHECK(ended == static_cast<int>(conversation::end::close_notify));
  }
}
