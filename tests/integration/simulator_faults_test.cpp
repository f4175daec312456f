// The simulator's faults, byte for byte on the wire: a fault that does not happen would make every test of a client
// green.
#include "catch.hpp"
#include "raw_client.hpp"

#include <hvc/codec.hpp>
#include <hvc/simulator/simulator.hpp>

#include <algorithm>
#include <map>

using hvc::test::raw_client;
using hvc::test::sync_target;
using end = raw_client::end;
using namespace std::chrono_literals;

namespace {

// What came after one request that met the fault, and how the connection ended (or was left).
struct outcome {
  std::string bytes;
  end how = end::still_open;
  [[nodiscard]] bool has(std::string_view text) const { return bytes.find(text) != std::string::npos; }
};

outcome outcome_of(hvc::simulator& s, std::string_view fault) {
  s.fault_next(fault);
  raw_client c(s.server(), s.ca_pem());
  c.ask("GET", sync_target, "Connection: close\r\n"); // so that a fault that leaves the connection open is seen to end
  outcome o;
  o.bytes = c.rest();
  o.how = c.how_it_ended();
  return o;
}

std::string body_of(outcome const& o) {
  auto const at = o.bytes.find("\r\n\r\n");
  return at == std::string::npos ? std::string() : o.bytes.substr(at + 4);
}

bool handshake_fails(hvc::simulator& s, std::string_view fault) {
  s.fault_next(fault);
  try {
    raw_client c(s.server(), s.ca_pem());
    return c.get(sync_target).status == 0;
  } catch (std::runtime_error const&) {
    return true;
  }
}

} // namespace

TEST_CASE("P6 H1 T24 T26 a connection ends the way the fault says") {
  hvc::simulator s;
  CHECK(outcome_of(s, "reset").how == end::reset);
  auto const closed = outcome_of(s, "close");
  CHECK(closed.bytes.empty());
  CHECK(closed.how == end::close_notify);
  auto const truncated = outcome_of(s, "truncate");
  CHECK(truncated.how == end::truncated);
  CHECK(truncated.has("content-length"));
  CHECK_FALSE(hvc::decode_sync_info(body_of(truncated)).has_value());
  CHECK(outcome_of(s, "truncate-reset").how == end::reset);
  auto const head = outcome_of(s, "truncate-head");
  CHECK(head.how == end::truncated);
  CHECK_FALSE(head.has("\r\n\r\n"));
  CHECK(outcome_of(s, "notify-in-body").how == end::close_notify);
  auto const whole = outcome_of(s, "no-close-notify");
  CHECK(whole.how == end::truncated);
  CHECK(hvc::decode_sync_info(body_of(whole)).has_value());
  CHECK(outcome_of(s, "garbage").how == end::broken_tls);
}

TEST_CASE("P7 a stalled connection says nothing until the server stops") {
  hvc::simulator s;
  s.fault_next("stall");
  raw_client c(s.server(), s.ca_pem());
  c.ask("GET", sync_target);
  REQUIRE(s.wait_until([&] { return s.requests() == 1; }));
  CHECK(s.open_connections() == 1);
  s.stop();
  CHECK(c.rest().empty());
}

TEST_CASE("H26 idle bytes come behind a good reply, on their own") {
  hvc::simulator s;
  s.fault_next("idle-bytes");
  raw_client c(s.server(), s.ca_pem());
  CHECK(c.get(sync_target).status == 200);
  CHECK(c.answer().status == 408);
}

TEST_CASE("H30 a slow reply comes byte by byte") {
  hvc::simulator s;
  s.fault_next("slow");
  raw_client c(s.server(), s.ca_pem());
  c.ask("GET", sync_target);
  CHECK(c.record() == "H");
  CHECK(c.record() == "T");
  s.stop(); // cuts it short
  CHECK(c.rest().size() < 20);
}

TEST_CASE("a framing fault, of H2 to H34, is on the wire as its description says") {
  hvc::simulator s;
  CHECK(outcome_of(s, "bad-length").has("content-length: +5\r\n"));
  CHECK(outcome_of(s, "H5").has("content-length: +5\r\n"));
  auto const both = outcome_of(s, "te-cl");
  CHECK(both.has("transfer-encoding: chunked\r\ncontent-length: "));
  auto const two = outcome_of(s, "two-lengths");
  CHECK(two.bytes.find("content-length") != two.bytes.rfind("content-length"));
  CHECK(outcome_of(s, "bad-te").has("transfer-encoding: gzip, chunked\r\n"));
  CHECK(outcome_of(s, "extra-bytes").bytes.rfind("HTTP/1.1 200 OK") > 100);
  CHECK(outcome_of(s, "trailers").has("0\r\nx-checksum: 1\r\ncontent-length: 3\r\n\r\n"));
  CHECK(outcome_of(s, "bad-chunk").has("\r\n\r\n-5\r\n"));
  CHECK(outcome_of(s, "big-head").bytes.size() > 65536);
  CHECK(outcome_of(s, "many-fields").has("\r\nx-100: y\r\n"));
  CHECK(outcome_of(s, "folded-length").has("content-length: \r\n "));
  CHECK(outcome_of(s, "bad-status").bytes.starts_with("HTTP/1.1 999"));
  CHECK(outcome_of(s, "http-1.0").bytes.starts_with("HTTP/1.0 200"));
  CHECK(outcome_of(s, "early-hints").bytes.starts_with("HTTP/1.1 103"));
  CHECK(outcome_of(s, "upgrade").bytes.starts_with("HTTP/1.1 101"));
  CHECK(outcome_of(s, "no-content").bytes.starts_with("HTTP/1.1 204"));
  CHECK_FALSE(outcome_of(s, "no-length").has("content-length"));
  CHECK(outcome_of(s, "huge-body").bytes.size() > std::size_t(9) * 1024 * 1024);
  CHECK(outcome_of(s, "redirect").has("location: https://elsewhere.invalid/\r\n"));
  CHECK(outcome_of(s, "close-after").has("connection: close\r\n"));
}

TEST_CASE("S1 R1 R2 R5 a refusal comes instead of the answer") {
  hvc::simulator s;
  CHECK(outcome_of(s, "401").bytes.starts_with("HTTP/1.1 401"));
  CHECK(body_of(outcome_of(s, "503")) == "no healthy upstream");
  CHECK(outcome_of(s, "503-retry-after").has("retry-after: 2\r\n"));
  CHECK(outcome_of(s, "429").bytes.starts_with("HTTP/1.1 429"));
  auto const busy = hvc::decode_standard_error(body_of(outcome_of(s, "500-busy")), 500);
  REQUIRE(busy.has_value());
  CHECK(busy->error_type == hvc::error_type::resource_busy);
}

TEST_CASE("J1 to J18 a body fault is no Info, but for those a client must bear") {
  hvc::simulator s;
  for (auto const* word : {"no-json", "trailing-junk", "bom", "deep", "bad-number", "not-a-number", "duplicate",
                           "missing", "wrong-type", "null", "bad-time", "html", "empty", "wrapped"}) {
    CAPTURE(word);
    CHECK_FALSE(hvc::decode_sync_info(body_of(outcome_of(s, word))).has_value());
  }
  for (auto const* word : {"unknown-status", "unknown-member", "text-html"}) {
    CAPTURE(word);
    CHECK(hvc::decode_sync_info(body_of(outcome_of(s, word))).has_value());
  }
}

TEST_CASE("every fault of an exchange changes something, and the simulator serves on") {
  hvc::simulator s;
  auto const honest = [&] {
    raw_client c(s.server(), s.ca_pem());
    c.ask("GET", sync_target, "Connection: close\r\n");
    auto const bytes = c.rest();
    return outcome{bytes, c.how_it_ended()};
  };
  auto const without_date = [](std::string bytes) {
    auto const at = bytes.find("date: ");
    return at == std::string::npos ? bytes : bytes.erase(at, 37);
  };
  std::map<std::string, int> seen;
  for (auto const& f : hvc::simulator::faults()) {
    CAPTURE(std::string(f.word));
    CHECK(++seen[std::string(f.word)] == 1);
    CHECK_FALSE(f.description.empty());
    // Those that never end have a test of their own; close-idle shows only on a connection that stays.
    if (f.of_handshake || f.word == "stall" || f.word == "stall-in-body" || f.word == "slow" || f.word == "close-idle")
      continue;
    auto const o = outcome_of(s, f.word);
    auto const usual = honest();
    CHECK((without_date(o.bytes) != without_date(usual.bytes) || o.how != usual.how));
  }
}

TEST_CASE("T1 to T32 a fault of the handshake lets no careful client in, and befalls one connection") {
  hvc::simulator s;
  for (auto const& f : hvc::simulator::faults()) {
    // Waits for ever; only a client that looks at keys, or at what it offered, minds the others.
    if (!f.of_handshake || f.word == "silent-handshake" || f.word == "alpn-h2")
      continue;
    CAPTURE(std::string(f.word));
    CHECK(handshake_fails(s, f.word));
    CHECK(raw_client(s.server(), s.ca_pem()).get(sync_target).status == 200);
  }
}

TEST_CASE("a share of exchanges meets a fault, the same ones for the same seed") {
  hvc::simulator_options o;
  o.faults = {"503@25%", "J2@1/4"};
  o.seed = 7;
  auto const run = [&] {
    hvc::simulator const s(o);
    raw_client c(s.server(), s.ca_pem());
    std::string kinds;
    for (int n = 0; n != 400; ++n) {
      auto const r = c.get(sync_target);
      kinds += r.status == 503 ? '5' : hvc::decode_sync_info(r.body).has_value() ? '.' : 'j';
    }
    return kinds;
  };
  auto const kinds = run();
  auto const count = [&](char kind) { return std::count(kinds.begin(), kinds.end(), kind); };
  CHECK(count('5') > 60);
  CHECK(count('5') < 140);
  CHECK(count('j') > 60);
  CHECK(count('j') < 140);
  CHECK(run() == kinds);
}

TEST_CASE("sessions meet no fault, so that a faulty server can be logged in to") {
  hvc::simulator_options o;
  o.faults = {"reset@100%"};
  hvc::simulator const s(o);
  raw_client c(s.server(), s.ca_pem());
  CHECK(c.call("POST", "/api/session", "Content-Type: application/json\r\n").status == 201);
}

TEST_CASE("a share of replies stalls for the stall's time") {
  hvc::simulator_options o;
  o.stall = "100%";
  o.stall_time = 30ms;
  hvc::simulator const s(o);
  raw_client c(s.server(), s.ca_pem());
  auto const start = std::chrono::steady_clock::now();
  CHECK(c.get(sync_target).status == 200);
  CHECK(std::chrono::steady_clock::now() - start >= 30ms);
}

TEST_CASE("a scripted reply may carry a fault, of those there are") {
  hvc::simulator s;
  hvc::canned_reply r(200, "{}");
  r.fault = "truncate";
  s.set_reply("link-1", "provider-1", r, 1);
  raw_client c(s.server(), s.ca_pem());
  c.ask("GET", sync_target);
  CHECK(c.rest().ends_with("\r\n\r\n{"));
  CHECK(c.how_it_ended() == end::truncated);
  r.fault = "no-such";
  CHECK_THROWS(s.set_reply("link-1", "provider-1", r));
  CHECK_THROWS(s.fault_next("no-such"));
}
