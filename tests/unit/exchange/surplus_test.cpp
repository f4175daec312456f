// Bytes the server sends out of turn: behind a reply, between replies, before the request.
#include "line.hpp"

using namespace hvc;
using namespace hvc::test;

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
