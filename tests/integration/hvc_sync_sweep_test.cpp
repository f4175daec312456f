// hvc-sync sweep: every provider that servers list, in all its forms, to its end and before.
#include "black_hole.hpp"
#include "sync_bench.hpp"

#include <csignal>
#include <fstream>
#include <set>
#include <sstream>

#include <fcntl.h>
#include <unistd.h>

using namespace hvc::test;
using namespace std::chrono_literals;

namespace {

std::vector<std::string> lines_of(std::string const& text) {
  std::vector<std::string> lines;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);)
    lines.push_back(line);
  return lines;
}

constexpr auto failed = R"({"status":"FAILED","polling_interval_in_seconds":60})";

// A server with as many providers as said, all well.
bench all_well(unsigned links, unsigned providers, hvc::simulator_options options = {}) {
  options.links = links;
  options.providers = providers;
  options.provider_body = R"({"status":"SUCCEEDED","polling_interval_in_seconds":60})";
  return bench(options);
}

variables const me{{"HVC_USER", "me"}, {"HVC_PASSWORD", "secret"}};

// What a pipe brings until its other end closes.
std::string rest_of(int descriptor) {
  std::string text;
  char part[4096];
  for (ssize_t n = 0; (n = ::read(descriptor, part, sizeof part)) > 0;)
    text.append(part, static_cast<std::size_t>(n));
  return text;
}

} // namespace

TEST_CASE("hvc-sync sweep prints a line of JSON for each provider, with its own answer") {
  bench b(with_user());
  auto const r = b.run({"sweep", "-o", "ndjson"}, me);
  CAPTURE(r.out, r.err);
  CHECK(r.code == 1); // some of the simulator's FAILED
  std::set<std::string> seen;
  for (auto const& line : lines_of(r.out)) {
    auto const row = boost::json::parse(line).as_object();
    REQUIRE(row.size() == 4);
    CHECK(line.find("{\"link\":\"") == 0);
    CHECK(row.at("elapsed_us").as_int64() > 0);
    auto const& args = row.at("info").at("status_message").at("args").as_array();
    CHECK(args.at(0) == row.at("link"));
    CHECK(args.at(1) == row.at("provider"));
    seen.insert(text_of(row, "link") + "/" + text_of(row, "provider"));
  }
  CHECK(seen.size() == 12);
  CHECK(r.err.find("12 results in ") == 0);
  CHECK(holds(r.err, "  SUCCEEDED\n"));
  CHECK(holds(r.err, "Slowest\n"));
  CHECK(holds(r.err, "Latency  half within "));
  CHECK(b.server.logins() == 1);
  CHECK(b.server.live_sessions() == 0);
}

TEST_CASE("hvc-sync sweep tells errors as get does, each with its question") {
  auto b = all_well(1, 2);
  b.server.set_reply("link-1", "provider-2", hvc::canned_reply(404, R"({"error_type":"NOT_FOUND","messages":[]})"));
  auto const r = b.run({"sweep", "-o", "json"});
  CHECK(r.code == 1);
  auto const rows = boost::json::parse(r.out).as_array();
  REQUIRE(rows.size() == 2);
  for (auto const& row : rows)
    CHECK(row.as_object().contains("error") == (row.at("provider") == "provider-2"));
  CHECK(holds(r.out, R"("error":{"kind":"standard",)"));
  CHECK(holds(r.err, "standard(NOT_FOUND)\n"));
  CHECK(b.run({"sweep", "-o", "csv"}).out.find("link,provider,elapsed_us,status,") == 0);
  auto const text = b.run({"sweep"}).out;
  CHECK(text.find("STATUS         SYNCED             TOOK        LINK/PROVIDER\n") == 0);
  CHECK(holds(text, "link-1/provider-1\n"));
  CHECK(holds(text, "link-1/provider-2\n    standard(NOT_FOUND)"));
}

TEST_CASE("hvc-sync sweep gives the hints that links gives, each once") {
  auto b = all_well(1, 2);
  auto const hints = [](std::string const& text) {
    auto const lines = lines_of(text);
    return std::count_if(lines.begin(), lines.end(), [](auto const& l) { return l.find("    hint: ") == 0; });
  };
  auto const untrusted = bench::run_bare({"sweep", "-s", b.server.server()}).out;
  CHECK(hints(untrusted) == 1);
  CHECK(holds(untrusted, "--pin-sha256=" + fingerprint_of(b.server) + "\n"));
  for (auto const* provider : {"provider-1", "provider-2"})
    b.server.set_reply("link-1", provider, hvc::canned_reply(502, ""));
  auto const failing = b.run({"sweep", "--attempts", "1"}).out;
  CHECK(hints(failing) == 1);
  CHECK(holds(failing, "    hint: the server, or a proxy in front of it"));
  CHECK(!holds(b.run({"sweep", "--attempts", "1", "-o", "csv"}).out, "hint: "));
}

TEST_CASE("hvc-sync sweep exits with what is worst: 3 before 4 before 1, and 0 where all is well") {
  auto b = all_well(1, 3);
  auto const code = [&b](std::string time = "30s") { return b.run({"sweep", "-t", time, "--attempts", "1"}).code; };
  CHECK(code() == 0);
  b.server.set_reply("link-1", "provider-1", hvc::canned_reply(200, failed));
  CHECK(code() == 1);
  hvc::canned_reply late(200, "{}");
  late.delay = 60s;
  b.server.set_reply("link-1", "provider-2", late);
  CHECK(code("500ms") == 4);
  b.server.set_reply("link-1", "provider-3", hvc::canned_reply(502, ""));
  CHECK(code("500ms") == 3);
  auto empty = all_well(0, 1);
  auto const nothing = empty.run({"sweep", "-o", "json"});
  CHECK(nothing.code == 0);
  CHECK(nothing.out == "[]\n");
  bench refused(with_user());
  CHECK(refused.run({"sweep"}, {{"HVC_USER", "me"}, {"HVC_PASSWORD", "wrong"}}).code == 1);
}

TEST_CASE("hvc-sync sweep makes what servers say harmless, in tables and in CSV") {
  auto b = all_well(1, 1);
  b.server.set_reply("=1+1,\"x\"\n", "p\x1b[31m", hvc::canned_reply(200, failed));
  auto const csv = b.run({"sweep", "-o", "csv"}).out;
  CHECK(holds(csv, "\r\n\"=1+1,\"\"x\"\" \",p?[31m,"));
  CHECK(std::count(csv.begin(), csv.end(), '\n') == 3);
  CHECK(!holds(b.run({"sweep"}).out, "\x1b"));
}

TEST_CASE("hvc-sync sweep over a configuration: a black hole and an expired certificate cost their own rows") {
  black_hole const hole(black_hole::kind::silent);
  bench expired;
  auto fine = all_well(3, 4);
  expired.server.fault_next("expired", hvc::simulator::forever);
  auto const entry = [](std::string const& name, std::string const& server, bench const& trusted) {
    return R"({"name":")" + name + R"(","server":")" + server + R"(","ca_file":")" + trusted.authority.path() + "\"}";
  };
  temporary_file const config("{\"servers\":[" + entry("hole", hole.server(), fine) + "," +
                              entry("old", expired.server.server(), expired) + "," +
                              entry("fine", fine.server.server(), fine) + "]}");
  auto const start = std::chrono::steady_clock::now();
  auto const r = bench::run_bare({"sweep", "-o", "ndjson", "-t", "2s", "--config", config.path()});
  CHECK(std::chrono::steady_clock::now() - start < 5s);
  CAPTURE(r.out, r.err);
  CHECK(r.code == 3);
  std::map<std::string, std::size_t> rows;
  for (auto const& line : lines_of(r.out)) {
    CHECK(line.find("{\"server\":\"") == 0);
    auto const row = boost::json::parse(line).as_object();
    ++rows[text_of(row, "server") + " " +
           (row.contains("error") ? text_of(row.at("error").as_object(), "kind") : "info")];
  }
  CHECK(rows == std::map<std::string, std::size_t>{{"hole deadline", 1}, {"old tls_verify", 1}, {"fine info", 12}});
  CHECK(bench::run_bare({"sweep", "--config", "/nonexistent"}).code == 2);
}

TEST_CASE("hvc-sync sweep that is interrupted prints what had come, logs out, and exits with 130") {
  auto options = with_user();
  auto b = all_well(2, 50, options);
  program running(HVC_SYNC, {b.trusting({"sweep", "-o", "json", "--rate", "20"}), me});
  REQUIRE(b.server.wait_until([&] { return b.server.requests() >= 12; }));
  running.send_signal(SIGINT);
  auto const r = running.wait();
  CAPTURE(r.out, r.err);
  CHECK(r.code == 130);
  auto const rows = boost::json::parse(r.out).as_array();
  CHECK(rows.size() >= 3);
  CHECK(rows.size() < 100);
  CHECK(holds(r.err, ", then interrupted\n"));
  CHECK(b.server.logins() == 1);
  CHECK(b.server.live_sessions() == 0);
}

TEST_CASE("hvc-sync sweep whose reader has gone away ends in silence, logged out") {
  auto b = all_well(10, 100, with_user());
  int ends[2];
  REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
  program running(HVC_SYNC, {b.trusting({"sweep", "-o", "ndjson", "--rate", "unlimited"}), me, {}, ends[1]});
  ::close(ends[1]);
  char some[64];
  REQUIRE(::read(ends[0], some, sizeof some) > 0);
  ::close(ends[0]);
  auto const r = running.wait();
  CHECK(r.code == 3);
  CHECK(r.err.empty());
  CHECK(b.server.logins() == 1);
  CHECK(b.server.live_sessions() == 0);
}

TEST_CASE("hvc-sync sweep waits for a slow reader, and no call pays for it") {
  auto b = all_well(20, 100);
  int ends[2];
  REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
  program running(HVC_SYNC,
                  {b.trusting({"sweep", "-o", "ndjson", "--rate", "unlimited", "-t", "1s"}), {}, {}, ends[1]});
  ::close(ends[1]);
  // Longer than a call has: there is no event that would tell of nothing happening.
  static_cast<void>(b.server.wait_until([] { return false; }, 1'500ms));
  CHECK(b.server.requests() < 2'000); // more than a pipe holds
  auto const lines = lines_of(rest_of(ends[0]));
  ::close(ends[0]);
  auto const r = running.wait();
  CAPTURE(r.err);
  CHECK(r.code == 0);
  CHECK(lines.size() == 2'000);
}

TEST_CASE("hvc-sync sweep writes its last results, too, however late their reader takes them") {
  auto b = all_well(5, 10);
  int ends[2];
  REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
  REQUIRE(::fcntl(ends[1], F_SETPIPE_SZ, 4096) > 0);
  program running(HVC_SYNC, {b.trusting({"sweep", "-o", "json", "--rate", "unlimited"}), {}, {}, ends[1]});
  ::close(ends[1]);
  REQUIRE(b.server.wait_until([&] { return b.server.requests() == 1 + 5 + 50; }));
  // Longer than it would wait for its reader had it been interrupted: there is no event that would tell of that.
  static_cast<void>(b.server.wait_until([] { return false; }, 1'500ms));
  auto const text = rest_of(ends[0]);
  ::close(ends[0]);
  CHECK(running.wait().code == 0);
  boost::system::error_code none;
  auto const all = boost::json::parse(text, none);
  REQUIRE_FALSE(none.failed());
  CHECK(all.as_array().size() == 50);
}

TEST_CASE("hvc-sync that is started with its descriptors closed says that it cannot write, and ends") {
  auto b = all_well(1, 2);
  for (std::string const closed : {"<&- >&-", ">&-"})
    for (auto const& command : {words{"sweep", "-o", "ndjson"}, words{"get", "link-1", "provider-1", "-o", "json"}}) {
      words shell{"-c", "exec \"$0\" \"$@\" " + closed, HVC_SYNC};
      auto const arguments = b.trusting(command);
      shell.insert(shell.end(), arguments.begin(), arguments.end());
      auto const r = run_program("/bin/sh", {shell});
      CAPTURE(closed, r.err);
      CHECK(r.code == 3);
      CHECK(holds(r.err, "cannot write to standard output: Bad file descriptor"));
    }
}

TEST_CASE("hvc-sync sweep --html writes a page that appears when it is whole, and in which markup is text") {
  auto b = all_well(1, 2, with_user());
  b.server.set_reply("<b>", "</script>", hvc::canned_reply(200, failed));
  temporary_directory const place;
  auto const path = (place.path() / "report.html").string();
  auto const page = [&path] {
    std::ifstream file(path);
    return std::string(std::istreambuf_iterator<char>(file), {});
  };
  auto const r = b.run({"sweep", "--html", path}, me);
  CHECK(r.code == 1);
  CHECK(holds(page(), "<!DOCTYPE html>"));
  CHECK(holds(page(), R"(["","link-1","provider-2","SUCCEEDED",0,null,)"));
  CHECK(holds(page(), R"(["","\u003cb>","\u003c/script>","FAILED",0,null,)"));
  CHECK(holds(page(), "\"of\":\"" + b.server.server() + "\""));
  CHECK(std::distance(std::filesystem::directory_iterator(place.path()), {}) == 1);

  auto const link = place.path() / "link.html";
  std::filesystem::create_symlink("report.html", link);
  REQUIRE(std::filesystem::remove(path));
  REQUIRE(std::ofstream(path) << "an older one");
  CHECK(b.run({"sweep", "--html", link}, me).code == 1);
  CHECK(std::filesystem::is_symlink(link));
  CHECK(holds(page(), "<!DOCTYPE html>"));
  REQUIRE(std::filesystem::remove(path)); // and where it leads nowhere yet
  CHECK(b.run({"sweep", "--html", link}, me).code == 1);
  CHECK(std::filesystem::is_symlink(link));
  CHECK(holds(page(), "<!DOCTYPE html>"));

  auto const nowhere = b.run({"sweep", "--html", "/nonexistent/report.html"}, me);
  CHECK(nowhere.code == 2);
  CHECK(nowhere.out.empty());
  CHECK(holds(nowhere.err, "--html: cannot write /nonexistent/report.html: No such file"));
  for (auto const* no_file : {"/dev/null", "/tmp"})
    CHECK(b.run({"sweep", "--html", no_file}, me).code == 2);
  CHECK(b.server.logins() == 3); // nothing was asked
}
