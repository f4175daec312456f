// How a connection ends, and what a call is told of it.
#include "line.hpp"

using namespace hvc;
using namespace hvc::test;

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
