// hvc-sync over every provider of one server, and of the servers of a configuration.
#include "black_hole.hpp"
#include "sync_bench.hpp"

#include <hvc/codec.hpp>

#include <chrono>
#include <csignal>
#include <fstream>

using namespace hvc::test;
using namespace std::chrono_literals;

namespace {

// Everything well but one that failed, one never synced and one that cannot be asked.
void set_world(hvc::simulator& server) {
  auto const info = [](char const* status) {
    return *hvc::decode_sync_info(std::string(R"({"status":")") + status + R"(","polling_interval_in_seconds":60})");
  };
  server.set_provider("link-1", "provider-1", info("FAILED"));
  server.set_provider("link-1", "provider-2", info("NO_SYNC_FOUND"));
  server.set_reply("link-1", "provider-3", hvc::canned_reply(500, ""));
}

std::string line_with(std::string const& text, std::string_view part) {
  auto const at = text.find(part);
  if (at == std::string::npos)
    return {};
  auto const begin = text.rfind('\n', at) + 1;
  return text.substr(begin, text.find('\n', at) - begin);
}

std::size_t count(std::string const& text, std::string_view part) {
  std::size_t n = 0;
  for (auto at = text.find(part); at != std::string::npos; at = text.find(part, at + part.size()))
    ++n;
  return n;
}

std::string entry(std::string_view name, std::string const& server, std::string const& ca_file) {
  return R"({"name":")" + std::string(name) + R"(","server":")" + server + R"(","ca_file":")" + ca_file + "\"}";
}

} // namespace

TEST_CASE("hvc-sync check --all tells every provider of a server, the worst first") {
  auto options = with_user();
  options.links = 2;
  bench b(options);
  set_world(b.server);
  auto const r = b.run({"check", "--all"}, {{"HVC_USER", "me"}, {"HVC_PASSWORD", "secret"}});
  CAPTURE(r.out);
  CHECK(r.code == 2);
  CHECK(r.err.empty());
  CHECK(r.out.find("HVC CRITICAL - ") == 0);
  CHECK(count(r.out, "\n") == 9);
  CHECK(holds(line_with(r.out, "HVC "), "critical=2;;;0;8 unknown=1;;;0;8"));
  CHECK(holds(r.out, "\nCRITICAL - link-1/provider-1 FAILED"));
  CHECK(r.out.find("\nUNKNOWN - link-1/provider-3") < r.out.find("\nWARNING - link-1/provider-2"));
  CHECK(b.server.logins() == 1);
  CHECK(b.server.live_sessions() == 0);
}

TEST_CASE("hvc-sync check --all of a server it cannot ask is one line that says so") {
  bench b(with_user());
  auto const r = b.run({"check", "--all"}, {{"HVC_USER", "me"}, {"HVC_PASSWORD", "wrong"}});
  CHECK(r.code == 3);
  CHECK(holds(r.out, "\nUNKNOWN - " + b.server.server() + " auth(login_refused)"));
  CHECK(count(r.out, "\n") == 2);
}

TEST_CASE("hvc-sync check --all that is interrupted says so, and logs out") {
  bench b(with_user());
  b.server.fault_next("stall", hvc::simulator::forever);
  program running(HVC_SYNC, {b.trusting({"check", "--all"}), {{"HVC_USER", "me"}, {"HVC_PASSWORD", "secret"}}});
  REQUIRE(b.server.wait_until([&] { return b.server.requests() == 2; }));
  running.send_signal(SIGTERM);
  auto const r = running.wait();
  CHECK(r.code == 3);
  CHECK(r.out == "HVC UNKNOWN - interrupted\n");
  CHECK(b.server.live_sessions() == 0);
}

TEST_CASE("hvc-sync check --all --config: a black hole and an expired certificate cost their own rows, and time") {
  black_hole const hole(black_hole::kind::silent);
  bench expired, fine;
  expired.server.fault_next("expired", hvc::simulator::forever);
  temporary_file const config("{\"servers\":[" + entry("hole", hole.server(), fine.authority.path()) + "," +
                              entry("old", expired.server.server(), expired.authority.path()) + "," +
                              entry("fine", fine.server.server(), fine.authority.path()) + "]}");
  auto const start = std::chrono::steady_clock::now();
  auto const r = bench::run_bare({"check", "--all", "--config", config.path(), "-t", "2s"});
  auto const took = std::chrono::steady_clock::now() - start;
  CAPTURE(r.out, r.err);
  CHECK(took < 4s); // 2 s, and what a busy machine takes to start and end a program
  CHECK(holds(line_with(r.out, " hole "), "UNKNOWN - hole deadline"));
  CHECK(holds(line_with(r.out, " old "), "UNKNOWN - old tls_verify(expired)"));
  CHECK(count(r.out, " - fine: link-") == 12);
  CHECK(count(r.out, "\n") == 1 + 2 + 12);
}

TEST_CASE("hvc-sync check --all waits for no server that is not there to be asked") {
  black_hole const full(black_hole::kind::full);
  bench fine;
  temporary_file const config("{\"servers\":[" + entry("full", full.server(), fine.authority.path()) + "," +
                              entry("fine", fine.server.server(), fine.authority.path()) + "]}");
  auto const r = bench::run_bare({"check", "--all", "--config", config.path(), "-t", "1s"});
  CAPTURE(r.out, r.err);
  CHECK(holds(r.out, "UNKNOWN - full deadline"));
  CHECK(count(r.out, " - fine: link-") == 12);
}

TEST_CASE("hvc-sync check --all that runs out of time tells what it knows, and that there is more") {
  bench b;
  auto const r = b.run({"check", "--all", "-t", "2s", "--rate", "5"});
  CAPTURE(r.out);
  CHECK(holds(r.out, "UNKNOWN - " + b.server.server() + " deadline"));
  CHECK(count(r.out, " - link-") > 2);
}

TEST_CASE("hvc-sync check finds files beside its configuration, and takes the time-out of the command line") {
  bench b(with_user());
  temporary_directory const place;
  auto const write = [&place](char const* name, std::string const& text) {
    std::ofstream(place.path() / name) << text;
    return (place.path() / name).string();
  };
  write("ca.pem", b.server.ca_pem());
  write("secret", "secret\n");
  auto const config = write("hvc.json", R"({"servers":[{"name":"a","server":")" + b.server.server() +
                                            R"(","ca_file":"ca.pem","user":"me","password_file":"secret"}]})");
  CHECK(count(bench::run_bare({"check", "--all", "--config", config}, {{"HVC_USER", "x"}, {"HVC_TIMEOUT", "20"}}).out,
              " - a: link-") == 12);
  b.server.fault_next("stall", hvc::simulator::forever);
  CHECK(holds(bench::run_bare({"check", "--all", "--config", config, "--timeout=300ms"}).out, "UNKNOWN - a deadline"));
}

TEST_CASE("hvc-sync check answers a configuration that is wrong as a plugin does") {
  temporary_file const unknown(R"({"servers":[{"name":"a","server":"https://x.test","frob":1}]})");
  temporary_file const no_address(R"({"servers":[{"name":"a","server":"x.test"}]})");
  temporary_file const no_file(R"({"servers":[{"name":"a","server":"https://x.test","ca_file":"/nonexistent"}]})");
  for (auto const& [path, what] :
       std::map<std::string, std::string>{{unknown.path(), "server 'a': there is no key 'frob'"},
                                          {no_address.path(), "server 'a': server: "},
                                          {no_file.path(), "server 'a': "},
                                          {"/nonexistent", "No such file"},
                                          {"/dev/null", "/dev/null: is no JSON: incomplete JSON"},
                                          {"/tmp", "cannot read /tmp: Is a directory"}}) {
    CAPTURE(path);
    auto const r = bench::run_bare({"check", "--all", "--config", path});
    CAPTURE(r.out);
    CHECK(r.code == 3);
    CHECK(r.out.find("HVC UNKNOWN - ") == 0);
    CHECK(holds(r.out, what));
    CHECK(r.err.empty());
  }
  for (auto const& arguments :
       {words{"check", "--config", unknown.path(), "a", "b"}, words{"check", "--all", "a", "b", "-s", "https://x.test"},
        words{"check", "--all", "--config", unknown.path(), "-k"}})
    CHECK(bench::run_bare(arguments).code == 3);
}
