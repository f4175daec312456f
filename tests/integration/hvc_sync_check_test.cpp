// hvc-sync check as a monitoring system runs it.
#include "sync_bench.hpp"

#include <hvc/codec.hpp>

using namespace hvc::test;

namespace {

// A reply of a server whose clock stands at `date`.
hvc::canned_reply dated(std::string const& date, std::string const& info) {
  hvc::canned_reply reply;
  reply.wire = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n" +
               (date.empty() ? "" : "Date: " + date + "\r\n") + "Content-Length: " + std::to_string(info.size()) +
               "\r\n\r\n" + info;
  return reply;
}

constexpr auto synced_then =
    R"({"status":"SUCCEEDED","last_sync_time":"1994-11-06T08:47:37.000Z","polling_interval_in_seconds":60})";

words const check{"check", "-w", "900", "-c", "3600", "link-1", "provider-1"};

} // namespace

TEST_CASE("hvc-sync check prints one line with the age by the server's clock") {
  bench b;
  b.server.set_reply("link-1", "provider-1", dated("Sun, 06 Nov 1994 08:49:37 GMT", synced_then));
  auto const r = b.run(check);
  CHECK(r.code == 0);
  CHECK(r.out == "HVC OK - link-1/provider-1 SUCCEEDED 120 s ago | age=120s;900;3600;0\n");
  CHECK(r.err.empty());
}

TEST_CASE("hvc-sync check warns of what is old, and calls what is too old or has failed critical") {
  bench b;
  auto const code_at = [&b](std::string const& time) {
    b.server.set_reply("link-1", "provider-1", dated("Sun, 06 Nov 1994 " + time + " GMT", synced_then));
    return b.run(check).code;
  };
  CHECK(code_at("09:02:37") == 0);
  CHECK(code_at("09:02:38") == 1);
  CHECK(code_at("09:47:37") == 1);
  CHECK(code_at("09:47:38") == 2);
  b.server.set_provider("link-1", "provider-1",
                        *hvc::decode_sync_info(R"({"status":"FAILED","polling_interval_in_seconds":7})"));
  CHECK(b.run(check).code == 2);
  b.server.set_provider("link-1", "provider-1",
                        *hvc::decode_sync_info(R"({"status":"NO_SYNC_FOUND","polling_interval_in_seconds":7})"));
  b.server.set_reply("link-1", "provider-1", {}, 0);
  CHECK(b.run(check).code == 1);
}

TEST_CASE("hvc-sync check says UNKNOWN, with 3, where anything is not known") {
  bench b(with_user());
  variables const me{{"HVC_USER", "me"}, {"HVC_PASSWORD", "secret"}};
  auto const unknown = [](program_outcome const& r, std::string_view what) {
    CAPTURE(r.out, r.err);
    CHECK(r.code == 3);
    CHECK(r.out.find("HVC UNKNOWN - ") == 0);
    CHECK(r.out.find('\n') == r.out.size() - 1);
    CHECK(r.out.find('|') == std::string::npos);
    CHECK(holds(r.out, what));
    CHECK(r.err.empty());
  };
  unknown(b.run({"check", "link-1", "nobody"}, me), "NOT_FOUND");
  unknown(b.run(check, {{"HVC_USER", "me"}, {"HVC_PASSWORD", "wrong"}}), "login_refused");
  bench timeless;
  timeless.server.set_reply("link-1", "provider-1", dated("", synced_then));
  unknown(timeless.run(check), "no Date");
  b.server.set_reply("link-1", "provider-1",
                     hvc::canned_reply(200, R"({"status":"PAUSED","polling_interval_in_seconds":7})"));
  unknown(b.run(check, me), "PAUSED");
  b.server.fault_next("stall", hvc::simulator::forever);
  unknown(b.run({"check", "-t", "300ms", "link-1", "provider-1"}, me), "deadline");
  auto const address = b.server.server();
  b.server.stop();
  unknown(bench::run_bare({"check", "-s", address, "a", "b"}), "connect");
}

TEST_CASE("hvc-sync check answers bad usage as a plugin does") {
  for (auto const& arguments :
       {words{"check"}, words{"check", "a"}, words{"check", "a", "b"},
        words{"-w", "soon", "check", "-s", "https://x.test", "a", "b"},
        words{"check", "-s", "https://x.test", "a", "b", "--frobnicate"}, words{"check", "a", "b", "-s"},
        words{"check", "-s", "https://x.test", "a", "b", "-w", "2", "-c", "1"},
        words{"check", "-s", "https://x.test", "a", "b", "--password-file", "/nonexistent", "-u", "me"}}) {
    CAPTURE(arguments);
    auto const r = bench::run_bare(arguments);
    CHECK(r.code == 3);
    CHECK(r.out.find("HVC UNKNOWN - ") == 0);
    CHECK(r.err.empty());
  }
  CHECK(bench::run_bare({"get", "-w", "5", "check", "b", "-s", "https://x.test"}).code == 2); // another command's
}
