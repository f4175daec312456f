// One connection's protocol against an OpenSSL server over memory.
#include "line.hpp"

using namespace hvc;
using namespace hvc::test;

TEST_CASE("a handshake makes the exchange ready, whole or byte by byte") {
  for (auto const version : {TLS1_2_VERSION, TLS1_3_VERSION})
    for (std::size_t const piece : {std::size_t(1), std::string::npos}) {
      line l(version);
      CHECK(l.shake_hands(piece) == event::ready);
      CHECK(l.x.idle());
      CHECK_FALSE(l.x.resumed());
    }
}

TEST_CASE("a request leaves and its reply comes back, again and again") {
  for (auto const version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    line l(version);
    l.open();
    for (int i = 0; i < 3; ++i) {
      l.ask();
      CHECK_FALSE(l.x.idle());
      CHECK(l.x.call() == call);
      REQUIRE(l.says(ok) == event::reply);
      auto const reply = l.x.take_reply();
      CHECK(reply.status == 200);
      CHECK(reply.text(reply.body) == "{}");
      CHECK(reply.reusable);
      CHECK(l.x.idle());
    }
  }
}

TEST_CASE("H36 a reply is the same at every split of its records and of their ciphertext") {
  line l;
  l.open();
  for (std::size_t piece = 1; piece < 80; ++piece) {
    l.ask();
    for (char const c : ok)
      l.write({&c, 1});
    REQUIRE(l.deliver(l.server_output(), piece) == event::reply);
    CHECK(l.x.take_reply().reusable);
  }
}

TEST_CASE("the buffer of a request, cleansed of it, serves the reply") {
  line l;
  l.open();
  std::string buffer;
  buffer.reserve(8192);
  buffer = request;
  auto const* const memory = buffer.data();
  REQUIRE(l.x.begin(call, std::move(buffer)) == event::none);
  CHECK(std::all_of(memory, memory + std::string_view(request).size(), [](char c) { return c == '\0'; }));
  l.send();
  REQUIRE(l.says(ok) == event::reply);
  auto const reply = l.x.take_reply();
  CHECK(reply.bytes.data() == memory);
  CHECK(reply.text(reply.body) == "{}");
}

TEST_CASE("H24 a reply that ends the connection is delivered, and our side of the connection ends as well") {
  line l;
  l.open();
  CHECK_FALSE(l.answered("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\n{}").reusable);
  CHECK(l.x.dead());
  CHECK(l.server_saw_close_notify());
  CHECK(l.says("more") == event::none);
}

TEST_CASE("H24 the server's idle limit comes with the reply") {
  line l;
  l.open();
  auto const reply = l.answered("HTTP/1.1 200 OK\r\nKeep-Alive: timeout=5\r\nContent-Length: 2\r\n\r\n{}");
  CHECK(reply.reusable);
  CHECK(reply.keep_alive_timeout == std::chrono::seconds(5));
}

TEST_CASE("what TLS itself has to say while a reply comes is no request that waits") {
  line l;
  l.open();
  l.answered();
  l.ask();
  REQUIRE(SSL_key_update(l.server_side.get(), SSL_KEY_UPDATE_REQUESTED) == 1);
  l.write(ok);
  REQUIRE(l.deliver(l.server_output()) == event::reply);
  CHECK(l.x.take_reply().reusable);
  l.send();
  l.answered();
}

TEST_CASE("P7 silence ends an exchange of which no reply has begun, and no other") {
  line l;
  l.open();
  CHECK(l.x.silent(call) == event::none); // idle
  l.ask();
  CHECK(l.x.silent({call.slot, call.generation + 1}) == event::none); // of another call
  SECTION("no byte has come") {
    auto const loss = lost(l, l.x.silent(call), error_kind::attempt_timeout, "");
    CHECK(loss.begun);
    CHECK(loss.sent);
    CHECK_FALSE(loss.reply_started);
    CHECK(loss.why.stage() == stage::head);
  }
  SECTION("a byte has come") {
    REQUIRE(l.says("H") == event::none);
    CHECK(l.x.silent(call) == event::none);
    CHECK(l.says(ok.substr(1)) == event::reply);
    CHECK(l.x.silent(call) == event::none);
  }
}

TEST_CASE("P7 silence while the request could not leave is told as of writing") {
  line l;
  l.open();
  l.begin();
  auto const loss = lost(l, l.x.silent(call), error_kind::attempt_timeout, "");
  CHECK_FALSE(loss.sent);
  CHECK(loss.why.stage() == stage::write);
}

TEST_CASE("the stage of an exchange is where it stands") {
  line l;
  CHECK(l.x.stage() == stage::handshake);
  l.open();
  l.begin();
  CHECK(l.x.stage() == stage::write);
  l.send();
  CHECK(l.x.stage() == stage::head);
  REQUIRE(l.says("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n") == event::none);
  CHECK(l.x.stage() == stage::body);
}
