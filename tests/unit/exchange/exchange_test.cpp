// One connection's protocol against an OpenSSL server over memory.
#include "exchange/exchange.hpp"

#include "../tls/peer.hpp"

#include "catch.hpp"

#include <boost/asio/error.hpp>

#include <openssl/err.h>

#include <algorithm>
#include <optional>

using namespace hvc;
using namespace hvc::tls::test;
using event = exchange::event;

namespace {

constexpr call_id call{7, 3};
constexpr std::string_view request = "GET /api/x HTTP/1.1\r\nHost: vc.example.test\r\n\r\n";
constexpr std::string_view ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";

boost::system::error_code end_of_file() { return boost::asio::error::eof; }
boost::system::error_code reset() { return boost::asio::error::connection_reset; }

std::function<void(SSL_CTX*)> tickets(int n) {
  return [n](SSL_CTX* c) { SSL_CTX_set_num_tickets(c, static_cast<std::size_t>(n)); };
}

// An exchange, its server, and the wire between them, on which nothing moves by itself.
struct line {
  explicit line(int version = TLS1_3_VERSION, std::function<void(SSL_CTX*)> const& adjust = {})
      : settings(good(), adjust), x(trusting(root()), {}), server_side(SSL_new(settings.only(version).get())) {
    SSL_set_bio(server_side.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
    SSL_set_accept_state(server_side.get());
  }

  void send() {
    auto const bytes = x.output();
    if (!bytes.empty())
      BIO_write(SSL_get_rbio(server_side.get()), bytes.data(), static_cast<int>(bytes.size()));
    x.sent(bytes.size());
  }
  std::string server_output() {
    char* data = nullptr;
    auto const size = BIO_get_mem_data(SSL_get_wbio(server_side.get()), &data);
    std::string bytes(data, static_cast<std::size_t>(size));
    (void)BIO_reset(SSL_get_wbio(server_side.get()));
    return bytes;
  }
  // All the exchange makes of the bytes, `piece` at a time; the last event that was one.
  event deliver(std::string const& bytes, std::size_t piece = std::string::npos) {
    auto last = event::none;
    for (std::size_t at = 0; at < bytes.size();) {
      auto const n = std::min(piece, bytes.size() - at);
      if (auto const e = x.received(std::span(bytes).subspan(at, n)); e != event::none) {
        CHECK(last == event::none);
        last = e;
      }
      at += n;
    }
    return last;
  }
  event shake_hands(std::size_t piece = std::string::npos) {
    auto e = x.connected();
    for (int round = 0; round < 4 && e == event::none; ++round) {
      send();
      ERR_clear_error();
      SSL_do_handshake(server_side.get());
      e = deliver(server_output(), piece);
    }
    send();
    ERR_clear_error();
    SSL_do_handshake(server_side.get());
    return e;
  }
  void open() {
    REQUIRE(shake_hands() == event::ready);
    REQUIRE(deliver(server_output()) == event::none); // tickets
  }
  void begin(std::string_view what = request) { REQUIRE(x.begin(call, std::string(what)) == event::none); }
  void ask() {
    begin();
    send();
    REQUIRE(server_reads() == request);
  }
  std::string server_reads() {
    std::string plaintext;
    char buffer[4096];
    for (;;) {
      ERR_clear_error();
      auto const n = SSL_read(server_side.get(), buffer, sizeof buffer);
      if (n <= 0) {
        last_error = SSL_get_error(server_side.get(), n);
        return plaintext;
      }
      plaintext.append(buffer, static_cast<std::size_t>(n));
    }
  }
  bool server_saw_close_notify() {
    send();
    server_reads();
    return last_error == SSL_ERROR_ZERO_RETURN;
  }
  event says(std::string_view plaintext, std::size_t piece = std::string::npos) {
    write(plaintext);
    return deliver(server_output(), piece);
  }
  void write(std::string_view plaintext) {
    REQUIRE(SSL_write(server_side.get(), plaintext.data(), static_cast<int>(plaintext.size())) > 0);
  }
  std::string close_notify() {
    SSL_shutdown(server_side.get());
    return server_output();
  }
  http::reply answered(std::string_view reply = ok) {
    ask();
    REQUIRE(says(reply) == event::reply);
    return x.take_reply();
  }

  server settings;
  exchange x;
  tls::owned_connection server_side;
  int last_error = 0;
};

dispatch::loss lost(line& l, event e, error_kind kind, std::string_view reason) {
  REQUIRE(e == event::lost);
  CHECK(l.x.dead());
  auto loss = l.x.take_loss();
  CHECK(to_string(loss.why.kind()) == to_string(kind));
  CHECK(loss.why.reason() == reason);
  CHECK(l.x.received({}) == event::none);
  CHECK(l.x.ended(end_of_file()) == event::none);
  return loss;
}

} // namespace

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

TEST_CASE("H25 bytes behind a reply make its connection unusable, in the same record and in the next") {
  for (bool const same_record : {true, false}) {
    line l;
    l.open();
    l.ask();
    if (same_record) {
      l.write(std::string(ok) + std::string(ok));
    } else {
      l.write(ok);
      l.write(ok);
    }
    REQUIRE(l.deliver(l.server_output()) == event::reply);
    CHECK_FALSE(l.x.take_reply().reusable);
    CHECK(l.x.dead());
  }
}

TEST_CASE("tickets behind a reply are no surplus") {
  line l(TLS1_3_VERSION, tickets(0));
  l.open();
  l.ask();
  l.write(ok);
  REQUIRE(SSL_new_session_ticket(l.server_side.get()) == 1);
  REQUIRE(SSL_do_handshake(l.server_side.get()) == 1);
  REQUIRE(l.deliver(l.server_output()) == event::reply);
  CHECK(l.x.take_reply().reusable);
  CHECK(l.x.idle());
  l.answered();
}

TEST_CASE("a close_notify behind a reply ends its connection with it, not one call later") {
  line l;
  l.open();
  l.ask();
  l.write(ok);
  auto const bytes = l.server_output();
  REQUIRE(l.deliver(bytes + l.close_notify()) == event::reply);
  CHECK_FALSE(l.x.take_reply().reusable);
  CHECK(l.x.dead());
}

TEST_CASE("H26 bytes on an idle connection lose it at once") {
  SECTION("text, before any call") {
    line l;
    l.open();
    auto const loss = lost(l, l.says("HTTP/1.1 408 Request Timeout\r\n\r\n"), error_kind::protocol, "unsolicited");
    CHECK_FALSE(loss.begun);
    CHECK_FALSE(loss.sent);
    CHECK_FALSE(loss.reply_started);
  }
  SECTION("text, after a call: nothing of that call is told") {
    line l;
    l.open();
    l.answered();
    auto const loss = lost(l, l.says("x"), error_kind::protocol, "unsolicited");
    CHECK_FALSE(loss.begun);
    CHECK_FALSE(loss.sent);
    CHECK_FALSE(loss.reply_started);
  }
  SECTION("a close_notify, as servers close what is idle") {
    line l;
    l.open();
    l.answered();
    CHECK_FALSE(lost(l, l.deliver(l.close_notify()), error_kind::connection_lost, "before_headers").begun);
  }
  SECTION("the end of the stream without one") {
    line l;
    l.open();
    CHECK_FALSE(lost(l, l.x.ended(end_of_file()), error_kind::connection_lost, "before_headers").begun);
  }
}

TEST_CASE("H27 on a reused connection what comes before the request has left is no reply to it") {
  for (std::string_view const stale : {ok, std::string_view("HTTP/1.1 4"), std::string_view("<html>garbage")}) {
    line l;
    l.open();
    l.answered();
    l.begin();
    auto const loss = lost(l, l.says(stale), error_kind::protocol, "unsolicited");
    CHECK(loss.begun);
    CHECK_FALSE(loss.sent);
    CHECK_FALSE(loss.reply_started);
    CHECK(l.x.output().empty()); // the request, which goes elsewhere, must not leave here any more
  }
}

TEST_CASE("H27 the same, when a part of the request had left") {
  line l;
  l.open();
  l.answered();
  l.begin();
  l.x.sent(5);
  auto const loss = lost(l, l.says(ok), error_kind::protocol, "unsolicited");
  CHECK(loss.sent);
  CHECK_FALSE(loss.reply_started);
}

TEST_CASE("H28 on a fresh connection an early reply is delivered, and the connection not used again") {
  line l;
  l.open();
  l.begin();
  l.x.sent(5);
  REQUIRE(l.says("HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n") == event::reply);
  auto const reply = l.x.take_reply();
  CHECK(reply.status == 413);
  CHECK_FALSE(reply.reusable);
  CHECK(l.x.dead());
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

TEST_CASE("H29 after a failed write the reply that is there counts, and without one the write's error is told") {
  SECTION("a reply is there") {
    line l;
    l.open();
    l.begin();
    l.x.send_failed(boost::asio::error::broken_pipe);
    CHECK(l.says(ok) == event::reply);
  }
  SECTION("there is none") {
    line l;
    l.open();
    l.answered();
    l.begin();
    l.x.send_failed(boost::asio::error::broken_pipe);
    auto const loss = lost(l, l.x.ended(end_of_file()), error_kind::connection_lost, "before_headers");
    CHECK(loss.why.code() == boost::asio::error::broken_pipe);
    CHECK(loss.begun);
    CHECK_FALSE(loss.sent);
    CHECK(loss.why.stage() == stage::write);
  }
}

TEST_CASE("P2 a loss tells how far the exchange was") {
  line l;
  l.open();
  l.answered();
  l.begin();
  SECTION("nothing of the request has left") {
    auto const loss = lost(l, l.x.ended(reset()), error_kind::connection_lost, "before_headers");
    CHECK(loss.begun);
    CHECK_FALSE(loss.sent);
    CHECK_FALSE(loss.reply_started);
    CHECK(loss.why.code() == boost::asio::error::connection_reset);
    CHECK(loss.why.stage() == stage::write);
  }
  SECTION("a byte of it has") {
    l.x.sent(1);
    auto const loss = lost(l, l.x.ended(end_of_file()), error_kind::connection_lost, "before_headers");
    CHECK(loss.sent);
    CHECK_FALSE(loss.reply_started);
    CHECK(loss.why.stage() == stage::write);
  }
  SECTION("all of it has, and no reply came") {
    l.send();
    auto const loss = lost(l, l.deliver(l.close_notify()), error_kind::connection_lost, "before_headers");
    CHECK(loss.sent);
    CHECK_FALSE(loss.reply_started);
    CHECK_FALSE(loss.why.code());
    CHECK(loss.why.stage() == stage::head);
  }
  SECTION("P4 the reply had begun") {
    l.send();
    REQUIRE(l.says("H") == event::none);
    auto const loss = lost(l, l.x.ended(reset()), error_kind::connection_lost, "in_headers");
    CHECK(loss.sent);
    CHECK(loss.reply_started);
  }
}

TEST_CASE("T24 the end of the stream without a close_notify, exactly behind a reply of known length, is fine") {
  line l;
  l.open();
  CHECK(l.answered().status == 200);
  CHECK(l.x.ended(end_of_file()) == event::lost);
  CHECK_FALSE(l.x.take_loss().begun);
}

TEST_CASE("T25 a reply without a length is complete with a close_notify only") {
  constexpr std::string_view endless = "HTTP/1.1 200 OK\r\n\r\n{}";
  for (bool const clean : {true, false}) {
    line l;
    l.open();
    l.ask();
    REQUIRE(l.says(endless) == event::none);
    if (clean) {
      REQUIRE(l.deliver(l.close_notify()) == event::reply);
      auto const reply = l.x.take_reply();
      CHECK(reply.text(reply.body) == "{}");
      CHECK_FALSE(reply.reusable);
      CHECK(l.x.ended(end_of_file()) == event::none);
    } else {
      auto const loss = lost(l, l.x.ended(end_of_file()), error_kind::connection_lost, "in_body");
      CHECK(loss.reply_started);
      CHECK(loss.why.stage() == stage::body);
    }
  }
}

TEST_CASE("T26 a close_notify in the middle of a reply does not complete it, at whatever byte") {
  for (std::size_t n = 1; n < ok.size(); ++n) {
    line l;
    l.open();
    l.ask();
    REQUIRE(l.says(ok.substr(0, n)) == event::none);
    bool const in_body = n >= ok.size() - 2;
    auto const loss =
        lost(l, l.deliver(l.close_notify()), error_kind::connection_lost, in_body ? "in_body" : "in_headers");
    CHECK(loss.reply_started);
  }
}

TEST_CASE("T27 garbage in place of a record loses the connection, idle or in an exchange") {
  for (bool const exchanging : {true, false}) {
    line l;
    l.open();
    if (exchanging)
      l.ask();
    auto const loss = lost(l, l.deliver("no TLS record at all"), error_kind::protocol, "tls");
    CHECK(loss.begun == exchanging);
    CHECK(loss.sent == exchanging);
  }
}

TEST_CASE("T27 a record that was tampered with loses the connection, and nothing of it is taken for a reply") {
  line l;
  l.open();
  l.ask();
  l.write(ok);
  auto bytes = l.server_output();
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
  CHECK_FALSE(lost(l, l.deliver(bytes), error_kind::protocol, "tls").reply_started);
}

TEST_CASE("T27 what was read before a bad record stays what it was: a reply that had begun") {
  line l;
  l.open();
  l.ask();
  REQUIRE(l.says("HTTP/1.1 200 OK\r\n") == event::none);
  CHECK(lost(l, l.deliver(std::string(64, '\x17')), error_kind::protocol, "tls").reply_started);
}

TEST_CASE("C8 a connection that ends in the handshake is told as such, with a hint at the proxy's limit") {
  for (bool const clean : {true, false}) {
    line l;
    REQUIRE(l.x.connected() == event::none);
    CHECK(l.x.stage() == stage::handshake);
    auto const loss =
        lost(l, l.x.ended(clean ? end_of_file() : reset()), error_kind::tls_handshake, "reset_in_handshake");
    CHECK(loss.why.stage() == stage::handshake);
    CHECK_FALSE(loss.begun);
    CHECK(loss.why.message().find("connections") != std::string::npos);
  }
}

TEST_CASE("T1 a certificate that is refused fails the handshake, and leaves an alert to be sent") {
  server const expired(root().issue({.dns_names = {host}, .valid_until = std::chrono::seconds(-60)}));
  line l;
  l.server_side.reset(SSL_new(expired.get()));
  SSL_set_bio(l.server_side.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
  SSL_set_accept_state(l.server_side.get());
  REQUIRE(l.x.connected() == event::none);
  l.send();
  SSL_do_handshake(l.server_side.get());
  lost(l, l.deliver(l.server_output()), error_kind::tls_verify, "expired");
  CHECK_FALSE(l.x.output().empty());
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

TEST_CASE("closing an idle connection sends a close_notify and waits for none") {
  line l;
  l.open();
  l.x.close();
  CHECK(l.x.dead());
  CHECK(l.server_saw_close_notify());
  CHECK(l.x.ended(end_of_file()) == event::none);
}

TEST_CASE("closing in an exchange lets nothing of an unsent request leave; before the handshake nothing at all") {
  line l;
  l.open();
  l.begin();
  l.x.close();
  CHECK(l.x.dead());
  CHECK(l.x.output().empty());

  line early;
  early.x.close();
  CHECK(early.x.output().empty());
  CHECK(early.x.ended(end_of_file()) == event::none);
}

TEST_CASE("a failure of framing loses the connection with the reason, and tells that a reply had begun") {
  line l;
  l.open();
  l.ask();
  auto const loss = lost(l, l.says("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n"),
                         error_kind::protocol, "ambiguous");
  CHECK(loss.reply_started);
}
