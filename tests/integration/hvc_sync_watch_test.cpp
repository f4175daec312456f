// hvc-sync watch and wait: one provider over time.
#include "sync_bench.hpp"

#include <hvc/codec.hpp>

#include <csignal>

#include <fcntl.h>
#include <unistd.h>

using namespace hvc::test;
using namespace std::chrono_literals;

namespace {

hvc::sync_info info(std::string const& status, std::string const& stage = {}) {
  std::string text = R"({"status":")" + status + R"(","polling_interval_in_seconds":60)";
  if (!stage.empty())
    text += R"(,"current_session_info":{"stage":")" + stage +
            R"(","total_work":4,"completed_work":3,"start_time":"2026-03-14T09:24:50.000Z"})";
  return *hvc::decode_sync_info(text + "}");
}

words wait_for(words const& more = {}) {
  words all{"wait", "link-1", "provider-1", "--interval", "20ms"};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}

// A pipe that gives a program's output line by line.
class line_pipe {
public:
  line_pipe() { REQUIRE(::pipe2(ends_, O_CLOEXEC) == 0); }
  ~line_pipe() {
    ::close(ends_[0]);
    ::close(ends_[1]);
  }
  line_pipe(line_pipe const&) = delete;
  [[nodiscard]] int input() const noexcept { return ends_[1]; }
  std::string line() const {
    std::string text;
    for (char c = 0; ::read(ends_[0], &c, 1) == 1 && c != '\n';)
      text.push_back(c);
    return text;
  }

private:
  int ends_[2] = {};
};

} // namespace

TEST_CASE("hvc-sync wait ends with 0 where the session completes, with its progress on the way") {
  bench b;
  b.server.set_provider("link-1", "provider-1", info("SUCCEEDED", "CHANGE_DETECTION"));
  program running(HVC_SYNC, {b.trusting(wait_for()), {}});
  REQUIRE(b.server.wait_until([&] { return b.server.requests() >= 2; }));
  b.server.set_provider("link-1", "provider-1", info("SUCCEEDED", "COMPLETED"));
  auto const r = running.wait();
  CAPTURE(r.out);
  CHECK(r.code == 0);
  CHECK(holds(r.out, "Session    COMPLETED\n"));
  CHECK(r.err == "hvc-sync: CHANGE_DETECTION, 3 of 4 (75 %)\nhvc-sync: COMPLETED, 3 of 4 (75 %)\n");
  auto const again = b.run(wait_for({"-o", "json"}));
  CHECK(again.code == 0);
  CHECK(hvc::decode_sync_info(again.out).has_value());
  CHECK(again.err == "hvc-sync: COMPLETED, 3 of 4 (75 %)\n");
}

TEST_CASE("hvc-sync wait after a start is not ended by the session before it") {
  hvc::simulator_options options;
  options.sync_duration = 300ms;
  bench b(options);
  auto const started_in = [](program_outcome const& r) {
    return hvc::decode_sync_info(r.out).value().current_session_info.value().start_time;
  };
  auto const before = started_in(b.run({"get", "link-1", "provider-1", "-o", "json"}));
  REQUIRE(b.run({"start", "link-1", "provider-1"}).code == 0);
  auto const r = b.run(wait_for({"-o", "json", "--newer-than", hvc::format_date_time(before)}));
  CHECK(r.code == 0);
  CHECK(started_in(r) > before);
  auto const nothing_newer =
      b.run(wait_for({"-o", "json", "-t", "200ms", "--newer-than", hvc::format_date_time(started_in(r))}));
  CHECK(nothing_newer.code == 4);
  CHECK(nothing_newer.err == "hvc-sync: no synchronisation is under way\n");
  CHECK(b.run(wait_for({"--newer-than", "today"})).code == 2);
}

TEST_CASE("hvc-sync wait ends with 1 where the session failed, and with 4 where it goes on too long") {
  bench b;
  b.server.set_provider("link-1", "provider-1", info("FAILED", "FAILED"));
  CHECK(b.run(wait_for()).code == 1);
  b.server.set_provider("link-1", "provider-1", info("SUCCEEDED", "CHANGE_APPLICATION"));
  CHECK(holds(b.run(wait_for({"-t", "1s"})).err, "it had 1 s;"));
  auto const late = b.run(wait_for({"-t", "300ms", "-o", "json"}));
  CHECK(late.code == 4);
  CHECK(error_in(late).at("kind") == "deadline");
  CHECK(holds(late.err, "CHANGE_APPLICATION, 3 of 4 (75 %)\n"));
  CHECK(b.run(wait_for(), {{"HVC_TIMEOUT", "300ms"}}).code == 4);
  CHECK(b.run({"wait", "link-1", "nobody"}).code == 1);
  CHECK(b.run(wait_for({"--interval", "soon"})).code == 2);
}

TEST_CASE("hvc-sync wait survives a server in trouble, and shows that in place of the progress it had") {
  bench b;
  b.server.set_provider("link-1", "provider-1", info("SUCCEEDED", "WAITING"));
  program running(HVC_SYNC, {b.trusting(wait_for({"--attempts", "1"})), {}});
  REQUIRE(b.server.wait_until([&] { return b.server.requests() >= 2; }));
  auto const before = b.server.requests();
  b.server.fault_next("reset", 3); // on a connection that was in use the first is not the last word
  REQUIRE(b.server.wait_until([&] { return b.server.requests() >= before + 6; }));
  b.server.fault_next("503", 1);
  b.server.set_provider("link-1", "provider-1", info("SUCCEEDED", "COMPLETED"));
  auto const r = running.wait();
  CAPTURE(r.err);
  CHECK(r.code == 0);
  auto const stage = r.err.find("hvc-sync: WAITING, 3 of 4 (75 %)\n");
  auto const silent = r.err.find("hvc-sync: the server does not answer: connection_lost(");
  CHECK(stage == 0);
  CHECK(silent != std::string::npos);
  CHECK(r.err.find("hvc-sync: WAITING, 3 of 4 (75 %)\n", silent) != std::string::npos);
  CHECK(holds(r.err, "hvc-sync: the server answers with an error: http_status"));
  CHECK(holds(r.err, "hvc-sync: COMPLETED, 3 of 4"));
}

TEST_CASE("hvc-sync wait that is interrupted tells how far it was, and exits with 130") {
  bench b(with_user());
  b.server.set_provider("link-1", "provider-1", info("SUCCEEDED", "WAITING"));
  program running(HVC_SYNC, {b.trusting(wait_for({"-o", "json"})), {{"HVC_USER", "me"}, {"HVC_PASSWORD", "secret"}}});
  REQUIRE(b.server.wait_until([&] { return b.server.requests() >= 3; }));
  running.send_signal(SIGINT);
  auto const r = running.wait();
  CHECK(r.code == 130);
  CHECK(error_in(r).at("kind") == "canceled");
  CHECK(holds(r.out, "the synchronisation was in stage WAITING, 3 of 4 done"));
  CHECK(b.server.live_sessions() == 0);
}

TEST_CASE("hvc-sync watch tells each change in a line, and failures too, until it is interrupted") {
  bench b(with_user());
  b.server.set_provider("link-1", "provider-1", info("SUCCEEDED"));
  line_pipe const out;
  program running(HVC_SYNC, {b.trusting({"watch", "link-1", "provider-1", "--interval", "20ms", "-o", "ndjson"}),
                             {{"HVC_USER", "me"}, {"HVC_PASSWORD", "secret"}},
                             {},
                             out.input()});
  CHECK(holds(out.line(), R"(Z","info":{"status":"SUCCEEDED",)"));
  b.server.set_provider("link-1", "provider-1", info("SUCCEEDED", "WAITING"));
  CHECK(holds(out.line(), R"("stage":"WAITING")"));
  b.server.set_reply("link-1", "provider-1", hvc::canned_reply(404, R"({"error_type":"NOT_FOUND","messages":[]})"));
  CHECK(holds(out.line(), R"("error":{"kind":"standard",)"));
  b.server.set_reply("link-1", "provider-1", {}, 0);
  CHECK(holds(out.line(), R"("stage":"WAITING")"));
  running.send_signal(SIGINT);
  CHECK(running.wait().code == 130);
  CHECK(b.server.live_sessions() == 0);
}

TEST_CASE("hvc-sync watch of what is not there ends as get does") {
  bench b(with_user());
  CHECK(b.run({"watch", "link-1", "nobody"}, {{"HVC_USER", "me"}, {"HVC_PASSWORD", "secret"}}).code == 1);
  CHECK(b.run({"watch", "link-1", "provider-1"}, {{"HVC_USER", "me"}, {"HVC_PASSWORD", "wrong"}}).code == 1);
  CHECK(b.run({"watch", "link-1", "provider-1", "-o", "csv"}).code == 2);
}
