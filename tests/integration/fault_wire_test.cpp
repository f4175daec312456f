// Servers that break off, speak out of turn or crawl: each test is a conversation.
#include "fault_fixture.hpp"

#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>

#include <atomic>
#include <string>
#include <thread>
#include <vector>

using namespace hvc;
using namespace hvc::test;

TEST_CASE("R17 an answer that is none after all is not asked for again") {
  unsigned asked = 0;
  fault_world w([&](conversation& c) {
    c.shake_hands();
    for (;;) {
      c.hear();
      ++asked;
      c.say(reply("200 OK", R"({"status":"SUCCEEDED","polling_interval_in_seconds":)"));
    }
  });
  auto client = w.make_client();
  auto const r = w.get(client);
  REQUIRE(r.has_error());
  CHECK(name_of(r.error()) == "decode(syntax)");
  CHECK(r.error().attempts() == 1);
  w.close(client);
  CHECK(asked == 1);
  CHECK(client.stats().retries == 0);
}

TEST_CASE("H26 bytes on an idle connection close it, whatever they say") {
  for (std::string_view const bytes : {"HTTP/1.1 408 Request Timeout\r\ncontent-length: 0\r\n\r\n", "<html>", "\r\n"}) {
    CAPTURE(std::string(bytes));
    signal_flag said;
    fault_world w(std::vector<scripted_server::script>{[&](conversation& c) {
                                                         c.shake_hands();
                                                         c.hear();
                                                         c.say(good_reply());
                                                         c.say(bytes);
                                                         said.set();
                                                         c.wait_for_end();
                                                       },
                                                       behave});
    auto client = w.make_client();
    CHECK(outcome_of(w.get(client)) == "OK");
    REQUIRE(w.run_until([&] { return said.is_set() && client.stats().idle == 0; }));
    CHECK(outcome_of(w.get(client)) == "OK");
    CHECK(w.server.connections() == 2);
  }
}

// Nobody has read the bytes yet when the next call takes the connection.
TEST_CASE("H27 stale bytes that wait on a reused connection are never taken for the answer to the next request") {
  signal_flag answered, said;
  auto const stale = reply("200 OK", R"({"status":"FAILED","polling_interval_in_seconds":1})");
  fault_world w(std::vector<scripted_server::script>{[&](conversation& c) {
                                                       c.shake_hands();
                                                       c.hear();
                                                       c.say(good_reply());
                                                       answered.wait();
                                                       c.say(stale);
                                                       said.set();
                                                       c.wait_for_end();
                                                     },
                                                     behave});
  auto client = w.make_client();
  CHECK(outcome_of(w.get(client)) == "OK");
  answered.set();
  said.wait();
  w.server.wait_until_clients_can_read(); // with nobody running the io_context
  std::this_thread::sleep_for(1ms);       // a socket that was empty 0.1 ms ago is not looked at again
  auto const r = w.get(client);
  REQUIRE(r.has_value());
  CHECK(r->status == sync_status::succeeded);
  CHECK(w.server.connections() == 2);
  CHECK(client.stats().retries == 0);
}

// The first reply fills what one read takes, to the byte; what stands behind it is still the kernel's.
TEST_CASE("H25 H27 bytes behind a reply that fills a read are never taken for the answer to the next request") {
  constexpr std::size_t one_read = 16 * 1024, record = 5 + 1 + 16; // TLS 1.3: head, type, tag
  signal_flag said;
  std::string good = good_reply();
  good = reply("200 OK", an_info, "x-fill: " + std::string(one_read - 2 * record - good.size() - 10, 'x') + "\r\n");
  REQUIRE(good.size() == one_read - 2 * record);
  auto const stale = reply("200 OK", R"({"status":"FAILED","polling_interval_in_seconds":1})");
  fault_world w(std::vector<scripted_server::script>{[&](conversation& c) {
                                                       c.shake_hands();
                                                       c.hear();
                                                       c.say(good_reply());
                                                       c.hear();
                                                       c.say(good.substr(0, one_read / 2));
                                                       c.say(good.substr(one_read / 2));
                                                       c.say(stale);
                                                       said.set();
                                                       c.wait_for_end();
                                                     },
                                                     behave});
  auto o = w.options();
  o.pool().max_connections = 1;
  auto client = w.make_client(o);
  CHECK(outcome_of(w.get(client)) == "OK");
  unsigned right = 0, ended = 0;
  for (int n = 0; n != 2; ++n)
    client.get_provider_sync("link-1", "provider-1", [&](result<sync_info> r) {
      ++ended;
      right += r && r->status == sync_status::succeeded ? 1U : 0U;
    });
  said.wait(); // with nobody running the io_context
  REQUIRE(w.run_until([&] { return ended == 2; }));
  CHECK(right == 2);
  CHECK(w.server.connections() == 2);
}

// Nothing could have been asked yet: RFC 9112, section 9.2.
TEST_CASE("H28 a reply that comes with the handshake is no reply, and the connection is not used") {
  fault_world w(std::vector<scripted_server::script>{[](conversation& c) {
                  c.shake_hands_and_say(reply("200 OK", R"({"status":"FAILED","polling_interval_in_seconds":1})"));
                  c.wait_for_end();
                }},
                true);
  auto client = w.make_client();
  CHECK(outcome_of(w.get(client)) == "protocol(unsolicited)");
  CHECK(w.server.connections() == 1);
  CHECK(client.stats().idle == 0);
}

TEST_CASE("H30 whoever crawls, or falls silent in the middle, meets the deadline") {
  auto const meets_the_deadline = [](scripted_server::script const& s, stage where) {
    fault_world w(s);
    auto client = w.make_client(w.options().deadline(300ms));
    auto const began = std::chrono::steady_clock::now();
    auto const r = w.get(client);
    REQUIRE(r.has_error());
    CHECK(name_of(r.error()) == "deadline");
    CHECK(r.error().stage() == where);
    CHECK(std::chrono::steady_clock::now() - began >= 300ms);
    CHECK(client.stats().idle + client.stats().busy == 0);
  };
  SECTION("a byte now and then") {
    meets_the_deadline(
        [](conversation& c) {
          c.shake_hands();
          c.hear();
          for (char const byte : good_reply()) {
            c.say({&byte, 1});
            c.pause(50ms);
          }
        },
        stage::head);
  }
  SECTION("silence in the head") {
    meets_the_deadline(
        [](conversation& c) {
          c.shake_hands();
          c.hear();
          c.say("HTTP/1.1 200 OK\r\ncontent-length: 57\r\n");
          c.wait_for_end();
        },
        stage::head);
  }
  SECTION("silence in a chunk's line") {
    meets_the_deadline(
        [](conversation& c) {
          c.shake_hands();
          c.hear();
          c.say("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3");
          c.wait_for_end();
        },
        stage::body);
  }
}

TEST_CASE("H34 no redirect is followed, wherever it leads, and the connection stays where it was") {
  for (std::string_view const status : {"301 Moved", "302 Found", "307 Temporary Redirect", "308 Permanent Redirect"})
    for (std::string_view const to : {"https://elsewhere.invalid/", "http://127.0.0.1/", "/", "x\ty"}) {
      CAPTURE(std::string(status), std::string(to));
      fault_world w([&](conversation& c) {
        c.shake_hands();
        c.hear();
        c.say(reply(status, "", "location: " + std::string(to) + "\r\n"));
        c.wait_for_end();
      });
      auto client = w.make_client();
      auto const r = w.get(client);
      REQUIRE(r.has_error());
      CHECK(name_of(r.error()) == "http_status");
      CHECK(r.error().http_status() / 100 == 3);
      CHECK(w.server.connections() == 1);
    }
}

TEST_CASE("H35 a status is told as such where the body is no standard error, and as the error where it is one") {
  for (std::string_view const status : {"402", "407", "421", "425", "426", "431", "451", "499", "500", "501", "599"}) {
    CAPTURE(std::string(status));
    fault_world w([&](conversation& c) {
      c.shake_hands();
      c.hear();
      c.say(reply(std::string(status) + " X", ""));
      c.hear();
      c.say(reply(std::string(status) + " X", R"({"error_type":"UNSUPPORTED","messages":[]})"));
      c.wait_for_end();
    });
    auto client = w.make_client();
    auto const bare = w.get(client);
    REQUIRE(bare.has_error());
    CHECK(name_of(bare.error()) == "http_status");
    CHECK(std::to_string(bare.error().http_status()) == status);
    auto const standard = w.get(client);
    REQUIRE(standard.has_error());
    CHECK(name_of(standard.error()) == "standard");
    CHECK(std::to_string(standard.error().http_status()) == status);
  }
}

TEST_CASE("P4 a reused connection that dies within its reply is not replayed: the call is tried again, or lost") {
  auto const dies_second = [](conversation& c) {
    c.shake_hands();
    c.hear();
    c.say(good_reply());
    c.hear();
    c.say("HTTP/1.1 200");
    c.reset();
  };
  SECTION("tried again") {
    fault_world w(std::vector<scripted_server::script>{dies_second, behave});
    auto client = w.make_client();
    CHECK(outcome_of(w.get(client)) == "OK");
    CHECK(outcome_of(w.get(client)) == "OK");
    CHECK(client.stats().retries == 1);
    CHECK(client.stats().replays == 0);
  }
  SECTION("lost") {
    fault_world w(std::vector<scripted_server::script>{dies_second, behave});
    auto client = w.make_client(one_attempt(w.options()));
    CHECK(outcome_of(w.get(client)) == "OK");
    CHECK(outcome_of(w.get(client)) == "connection_lost(in_headers)");
  }
}

TEST_CASE("P6 a reset at any step is tried again, and is the call's error where there is no further attempt") {
  std::vector<scripted_server::script> const deaths{
      [](conversation& c) { c.shake_hands(), c.reset(); },
      [](conversation& c) { c.shake_hands(), c.hear(), c.reset(); },
      [](conversation& c) { c.shake_hands(), c.hear(), c.say("HTTP/1.1 200 OK\r\n"), c.reset(); },
      [](conversation& c) {
        c.shake_hands(), c.hear(), c.say("HTTP/1.1 200 OK\r\ncontent-length: 57\r\n\r\n{"), c.reset();
      },
  };
  for (auto const& death : deaths) {
    CAPTURE(&death - deaths.data());
    fault_world again(std::vector<scripted_server::script>{death, behave});
    auto client = again.make_client();
    CHECK(outcome_of(again.get(client)) == "OK");
    fault_world no_more(death);
    auto other = no_more.make_client(one_attempt(no_more.options()));
    auto const r = no_more.get(other);
    REQUIRE(r.has_error());
    CHECK((r.error().kind() == error_kind::connection_lost || r.error().kind() == error_kind::tls_handshake));
  }
}

TEST_CASE("P16 the rest of a body nobody wants is not read: the connection closes") {
  std::atomic<bool> gone = false;
  fault_world w(std::vector<scripted_server::script>{[&](conversation& c) {
                                                       c.shake_hands();
                                                       c.hear();
                                                       c.say("HTTP/1.1 200 OK\r\ncontent-length: 2000\r\n\r\n" +
                                                             std::string(1'500, ' ')); // all but a little
                                                       c.wait_for_end();
                                                       gone = true;
                                                     },
                                                     behave});
  auto o = w.options();
  o.limits().body_bytes = 1'000;
  auto client = w.make_client(o);
  CHECK(outcome_of(w.get(client)) == "limit(body)");
  CHECK(w.run_until([&] { return gone.load(); }));
  CHECK(outcome_of(w.get(client)) == "OK");
  CHECK(w.server.connections() == 2);
}

TEST_CASE("S11 a session is what the body of the reply says, whatever its head and trailers say") {
  std::string asked_with;
  signal_flag asked;
  fault_world w([&](conversation& c) {
    c.shake_hands();
    auto request = c.hear();
    if (request.starts_with("POST")) { // the login, which has no body
      c.say("HTTP/1.1 201 Created\r\ncontent-type: application/json\r\nvmware-api-session-id: of-the-head\r\n"
            "set-cookie: vmware-api-session-id=of-the-cookie\r\ntransfer-encoding: chunked\r\n\r\n"
            "d\r\n\"of-the-body\"\r\n0\r\nvmware-api-session-id: of-the-trailer\r\n\r\n");
      request = c.hear(); // here, or on the next connection
    }
    asked_with = request;
    asked.set();
    c.say(good_reply());
    c.wait_for_end();
  });
  auto client = w.make_client(w.options().credentials(user_password("user", "password")));
  CHECK(outcome_of(w.get(client)) == "OK");
  asked.wait();
  CHECK(asked_with.find("vmware-api-session-id: of-the-body\r\n") != std::string::npos);
  CHECK(asked_with.find("of-the-head") == std::string::npos);
  CHECK(asked_with.find("of-the-cookie") == std::string::npos);
  CHECK(asked_with.find("of-the-trailer") == std::string::npos);
}

TEST_CASE("X7 H36 a reply of one byte a record is read like any other") {
  fault_world w([](conversation& c) {
    c.shake_hands();
    for (;;) {
      c.hear();
      c.spell(good_reply());
    }
  });
  auto client = w.make_client();
  for (int n = 0; n != 3; ++n)
    CHECK(outcome_of(w.get(client)) == "OK");
  CHECK(w.server.connections() == 1);
}

TEST_CASE(
    "H27 a reply nobody asked for, behind a good one while the client's executor is busy, is not the next call's") {
  signal_flag said;
  fault_world w(std::vector<scripted_server::script>{[&](conversation& c) {
                                                       c.shake_hands();
                                                       c.hear();
                                                       c.say(good_reply());
                                                       c.hear();
                                                       c.say(good_reply());
                                                       c.pause(10ms); // whoever reads early has read it
                                                       c.say(reply("200 OK", R"({"status":"FAILED",)"
                                                                             R"("polling_interval_in_seconds":666})"));
                                                       said.set();
                                                       c.wait_for_end();
                                                     },
                                                     behave});
  auto o = w.options();
  o.pool().max_connections = 1;
  auto const strand = boost::asio::make_strand(w.context);
  hvc::client client(strand, o);
  std::vector<std::string> outcomes;
  std::atomic<unsigned> told = 0;
  auto const note = [&](result<sync_info> const& r) {
    outcomes.push_back(r ? std::string(r->status.name()) : outcome_of(r));
    ++told;
  };
  boost::asio::post(strand, [&] {
    client.get_provider_sync("link-1", "provider-1", [&](result<sync_info> const& r) {
      note(r);
      client.get_provider_sync("link-1", "provider-1", note);
      client.get_provider_sync("link-1", "provider-1", note); // waits for the one connection
      said.wait();
    });
  });
  auto busy = boost::asio::make_work_guard(w.context);
  std::jthread const other([&] { w.context.run(); });
  CHECK(w.run_until([&] { return told == 3; }));
  CHECK(outcomes == std::vector<std::string>(3, "SUCCEEDED"));
  CHECK(w.server.connections() == 2);
  busy.reset();
  w.close(client);
}
