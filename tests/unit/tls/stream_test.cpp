// Records after the handshake.
#include "tls/stream.hpp"

#include "peer.hpp"

#include "catch.hpp"

#include <openssl/err.h>

#include <algorithm>
#include <vector>

using namespace hvc::tls::test;
using hvc::error_kind;
using hvc::tls::io;
using hvc::tls::stream;

namespace {

constexpr int versions[] = {TLS1_2_VERSION, TLS1_3_VERSION};

struct open_conversation : conversation {
  explicit open_conversation(int version = TLS1_3_VERSION, std::function<void(SSL_CTX*)> const& adjust = {})
      : conversation(trusting(root()), server(good(), adjust).only(version)) {
    REQUIRE(handshake() == io::done);
    read(); // the tickets of TLS 1.3
  }
  hvc::failure failure_of_read() {
    read();
    REQUIRE(end == io::failed);
    return client.take_failure();
  }
};

void check_bad_record(open_conversation& l) {
  auto const f = l.failure_of_read();
  CHECK(f.kind == error_kind::protocol);
  CHECK(f.reason == "tls");
  CHECK_FALSE(f.text.empty());
}

} // namespace

TEST_CASE("a handshake and what follows succeed byte by byte") {
  for (auto const version : versions) {
    server s(good());
    conversation l(trusting(root()), s.only(version));
    REQUIRE(l.handshake(1) == io::done);
    l.server_writes("hello");
    CHECK(l.read(1) == "hello");
    REQUIRE(l.client.write(std::string_view("world")) == io::done);
    CHECK(l.server_reads() == "world");
  }
}

TEST_CASE("plaintext arrives whole at every split of its ciphertext") {
  for (auto const version : versions) {
    open_conversation l(version);
    for (std::size_t split = 1;; ++split) {
      l.server_writes("first ");
      l.server_writes("second ");
      l.server_writes("third");
      auto const bytes = l.server_output();
      if (split >= bytes.size())
        break;
      l.deliver(bytes);
      REQUIRE(l.read(split) == "first second third");
      REQUIRE(l.end != io::failed);
    }
  }
}

TEST_CASE("plaintext arrives whole through a buffer of any size") {
  open_conversation l;
  std::string const big(40'000, 'x');
  for (std::size_t const into : {1U, 7U, 1000U, 16'384U, 100'000U}) {
    l.server_writes(big);
    CHECK(l.read(std::string::npos, into) == big);
  }
}

TEST_CASE("what is written is sealed at once, whatever its size, and can be sent in parts") {
  open_conversation l;
  std::string const big(100'000, 'x');
  REQUIRE(l.client.write(big) == io::done);
  CHECK(l.client.write({}) == io::done);
  auto const all = std::string(l.client.output());
  CHECK(all.size() > big.size());
  l.client.consume_output(1000);
  CHECK(l.client.output() == std::string_view(all).substr(1000));
  REQUIRE(l.client.write(std::string_view("more")) == io::done);
  std::string sent(all, 0, 1000);
  sent += l.client.output();
  l.client.consume_output(l.client.output().size());
  CHECK(l.client.output().empty());
  BIO_write(SSL_get_rbio(l.peer()), sent.data(), static_cast<int>(sent.size()));
  CHECK(l.server_reads() == big + "more");
}

TEST_CASE("a ClientHello is one record, what follows the handshake are small ones") {
  auto const records = [](std::string_view ciphertext) {
    std::vector<std::size_t> sizes;
    while (ciphertext.size() > 5) {
      auto const byte = [&](std::size_t i) { return static_cast<unsigned char>(ciphertext[i]); };
      sizes.push_back(5U + byte(3) * 256U + byte(4));
      ciphertext.remove_prefix(std::min(sizes.back(), ciphertext.size()));
    }
    return sizes;
  };
  auto const context = trusting(root());
  server const s(good());
  conversation l(context, s);
  REQUIRE(l.handshake() == io::done);
  l.read(); // the tickets
  REQUIRE(l.client.write(std::string(5000, 'x')) == io::done);
  for (auto const size : records(l.client.output()))
    CHECK(size < 600);
  stream resuming(context); // its hello carries a ticket
  REQUIRE(resuming.handshake() == io::want_input);
  CHECK(resuming.output().size() > 512); // more than a record may hold later
  CHECK(records(resuming.output()).size() == 1);
}

TEST_CASE("several records are opened into one buffer, and what does not fit is kept") {
  open_conversation l;
  l.server_writes("abc");
  l.server_writes("def");
  auto const bytes = l.server_output();
  l.client.feed(bytes);
  char buffer[4];
  std::size_t n = 0;
  CHECK(l.client.read(buffer, n) == io::done);
  CHECK(std::string_view(buffer, n) == "abcd");
  CHECK(l.client.input_left());
  CHECK(l.client.read(buffer, n) == io::done);
  CHECK(std::string_view(buffer, n) == "ef");
  CHECK_FALSE(l.client.input_left());
  CHECK(l.client.read(buffer, n) == io::want_input);
  CHECK(n == 0);
}

TEST_CASE("T26 close_notify behind plaintext is told after the plaintext") {
  for (auto const version : versions) {
    open_conversation l(version);
    l.server_writes("half a rep");
    SSL_shutdown(l.peer());
    auto const bytes = l.server_output();
    l.client.feed(bytes);
    char buffer[64];
    std::size_t n = 0;
    CHECK(l.client.read(buffer, n) == io::done);
    CHECK(std::string_view(buffer, n) == "half a rep");
    CHECK(l.client.input_left());
    CHECK(l.client.read(buffer, n) == io::closed);
    CHECK(n == 0);
    CHECK_FALSE(l.client.input_left());
    CHECK(l.client.read(buffer, n) == io::closed);
  }
}

TEST_CASE("T24 without close_notify the end is not clean") {
  open_conversation l;
  l.server_writes("all");
  CHECK(l.read() == "all");
  char buffer[64];
  std::size_t n = 0;
  CHECK(l.client.read(buffer, n) == io::want_input);
}

TEST_CASE("T27 a record with a bad MAC fails the stream, after what was good") {
  for (auto const version : versions) {
    open_conversation l(version);
    l.server_writes("good");
    l.server_writes("bad");
    auto bytes = l.server_output();
    bytes.back() ^= 1;
    l.deliver(bytes);
    CHECK(l.read() == "good");
    CHECK(l.end == io::failed);
    auto const f = l.client.take_failure();
    CHECK(f.kind == error_kind::protocol);
    CHECK(f.reason == "tls");
  }
}

TEST_CASE("T27 garbage, a record too long and plaintext HTTP fail the stream") {
  for (auto const& bytes : {std::string(100, 'x'), std::string("\x17\x03\x03\x48\x01") + std::string(0x4801, 'x'),
                            std::string("HTTP/1.1 400 Bad Request\r\n\r\n"), std::string("\x17\x03\x03\x00\x00", 5)})
    for (auto const version : versions) {
      open_conversation l(version);
      l.deliver(bytes + bytes);
      check_bad_record(l);
    }
}

TEST_CASE("T27 a fatal alert in the middle fails the stream in the server's words") {
  for (auto const version : versions) {
    open_conversation l(version);
    l.server_writes("x");
    CHECK(l.read() == "x");
    BIO_write(SSL_get_rbio(l.peer()), std::string(40, 'x').data(), 40);
    char c;
    SSL_read(l.peer(), &c, 1); // the server's alert
    ERR_clear_error();
    check_bad_record(l);
  }
}

TEST_CASE("T28 a request to renegotiate is refused") {
  open_conversation l(TLS1_2_VERSION);
  REQUIRE(SSL_renegotiate(l.peer()) == 1);
  SSL_do_handshake(l.peer());
  auto const f = l.failure_of_read();
  CHECK(f.kind == error_kind::protocol);
  CHECK(f.reason == "tls");
  CHECK(f.text.find("renegotiation") != std::string::npos);
}

TEST_CASE("T29 a few key updates and tickets are followed, a flood of them ends the stream") {
  for (auto const asked : {SSL_KEY_UPDATE_NOT_REQUESTED, SSL_KEY_UPDATE_REQUESTED}) {
    open_conversation l;
    auto const update = [&](int n) {
      for (int i = 0; i != n; ++i) {
        REQUIRE(SSL_key_update(l.peer(), asked) == 1);
        REQUIRE(SSL_do_handshake(l.peer()) == 1);
      }
    };
    for (int round = 0; round != 10; ++round) {
      update(50);
      l.server_writes("still here");
      REQUIRE(l.read() == "still here");
      REQUIRE(l.client.write(std::string_view("yes")) == io::done);
      REQUIRE(l.server_reads() == "yes");
    }
    update(200);
    check_bad_record(l);
  }
}

TEST_CASE("T29 key updates without end, with a little text between them, end the stream") {
  open_conversation l;
  int updates = 0;
  for (; l.end != io::failed && updates < 10'000; ++updates) {
    REQUIRE(SSL_key_update(l.peer(), SSL_KEY_UPDATE_REQUESTED) == 1);
    REQUIRE(SSL_do_handshake(l.peer()) == 1);
    if (updates % 50 == 0) {
      l.server_writes("x");
      l.read();
    }
  }
  CHECK(updates > 1'000);
  CHECK(updates < 2'000);
  CHECK(l.client.take_failure().reason == "tls");
}

TEST_CASE("T29 a flood of tickets ends the stream") {
  open_conversation l(TLS1_3_VERSION, [](SSL_CTX* c) { SSL_CTX_set_num_tickets(c, 0); });
  for (int i = 0; i != 200; ++i) {
    REQUIRE(SSL_new_session_ticket(l.peer()) == 1);
    REQUIRE(SSL_do_handshake(l.peer()) == 1);
  }
  check_bad_record(l);
}

TEST_CASE("shutdown adds a close_notify once, waits for none, and leaves reading open") {
  for (auto const version : versions) {
    open_conversation l(version);
    l.client.shutdown();
    CHECK_FALSE(l.client.output().empty());
    auto const size = l.client.output().size();
    l.server_writes("late");
    CHECK(l.read() == "late");
    l.client.shutdown();
    CHECK(l.client.output().size() == size);
    l.server_reads();
    CHECK((SSL_get_shutdown(l.peer()) & SSL_RECEIVED_SHUTDOWN) != 0);
  }
}

TEST_CASE("shutdown before and in a handshake says nothing") {
  stream client(trusting(root()));
  client.shutdown();
  CHECK(client.output().empty());
  REQUIRE(client.handshake() == io::want_input);
  auto const size = client.output().size();
  client.shutdown();
  CHECK(client.output().size() == size);
}

TEST_CASE("an error left in OpenSSL's queue by somebody else does no harm") {
  open_conversation l;
  l.server_writes("fine");
  ERR_raise(ERR_LIB_USER, 1);
  CHECK(l.read() == "fine");
  CHECK(l.end == io::done);
}
