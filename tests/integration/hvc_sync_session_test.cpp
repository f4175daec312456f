// hvc-sync --session-cache: one session for many processes.
#include "sync_bench.hpp"

#include <csignal>
#include <filesystem>
#include <fstream>

using namespace hvc::test;
using namespace std::chrono_literals;

namespace {

// A directory of its own for the cache and the password.
struct place {
  place() { password("secret"); }

  void password(std::string const& text) const { std::ofstream(path / "password") << text << '\n'; }
  [[nodiscard]] words with(words arguments) const {
    arguments.insert(arguments.end(), {"-u", "me", "--password-file", path / "password", "--session-cache", cache()});
    return arguments;
  }
  [[nodiscard]] std::string cache() const { return path / "cache"; }

  temporary_directory directory;
  std::filesystem::path const& path = directory.path();
};

} // namespace

TEST_CASE("hvc-sync --session-cache keeps the session for the next run, in a file that is its owner's alone") {
  bench b(with_user());
  place const p;
  for (int i = 0; i < 3; ++i)
    CHECK(b.run(p.with({"links"})).code == 0);
  CHECK(b.server.logins() == 1);
  CHECK(b.server.logouts() == 0);
  CHECK(b.server.live_sessions() == 1);
  CHECK(std::filesystem::status(p.cache()).permissions() ==
        (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
  CHECK(!holds(std::string(std::istreambuf_iterator<char>(std::ifstream(p.cache()).rdbuf()), {}), "secret"));
}

TEST_CASE("many hvc-sync started at once make one login, with no session and with one that has expired") {
  constexpr int runs = HVC_INSTRUMENTED ? 30 : 100; // each a process, and slow to start with a sanitizer
  bench b(with_user());
  place const p;
  for (unsigned round = 1; round <= 2; ++round) {
    std::vector<std::unique_ptr<program>> all;
    for (int i = 0; i < runs; ++i)
      all.push_back(
          std::make_unique<program>(HVC_SYNC, program_start{b.trusting(p.with({"get", "link-1", "provider-1"}))}));
    for (auto const& each : all) {
      auto const r = each->wait();
      CAPTURE(r.out, r.err);
      CHECK(r.code == 0);
    }
    CHECK(b.server.logins() == round);
    b.server.expire_sessions();
  }
}

TEST_CASE("hvc-sync --session-cache begins no session that it cannot keep, and says why") {
  bench b(with_user());
  place const p;
  // No file may grow, which is no reason to end the process; so what it says goes through a pipe.
  words limited{"-c", "(trap '' XFSZ; ulimit -f 0; exec \"$0\" \"$@\") | cat", HVC_SYNC};
  auto const more = b.trusting(p.with({"links", "-o", "json"}));
  limited.insert(limited.end(), more.begin(), more.end());
  auto const r = run_program("/bin/sh", {limited, {{"PATH", "/usr/bin:/bin"}}});
  CHECK(error_in(r).at("reason") == "no_session");
  CHECK(holds(r.out, "cannot write the session cache " + p.cache() + ": File too large"));
  CHECK(b.server.logins() == 0);
  CHECK(b.run(p.with({"links"})).code == 0);
}

TEST_CASE("hvc-sync --session-cache sends a refused password once, whatever the number of runs") {
  bench b(with_user());
  place const p;
  p.password("wrong");
  auto const first = b.run(p.with({"links", "-o", "json"}));
  CHECK(first.code == 1);
  CHECK(error_in(first).at("reason") == "login_refused");
  CHECK(b.server.requests() == 1);
  auto const connections = b.server.connections_accepted();
  for (int i = 0; i < 6; ++i) {
    auto const again = b.run(p.with({"links", "-o", "json"}));
    CHECK(again.code == 1);
    auto const e = error_in(again);
    for (auto const* const name : {"kind", "reason", "stage", "http_status", "error_type", "messages"})
      CHECK(e.at(name) == error_in(first).at(name));
    CHECK(holds(again.out, "nothing was sent now, so as not to lock the account"));
  }
  auto const swept = b.run(p.with({"sweep"}));
  CHECK(swept.code == 1);
  CHECK(!holds(swept.err, "Latency"));
  auto const plugin = b.run(p.with({"check", "link-1", "provider-1"}));
  CHECK(plugin.code == 3);
  CHECK(holds(plugin.out, "login_refused"));
  CHECK(b.server.requests() == 1);
  CHECK(b.server.connections_accepted() == connections);
  p.password("secret");
  CHECK(b.run(p.with({"links"})).code == 0);
  CHECK(b.server.logins() == 1);
}

TEST_CASE("hvc-sync --session-cache starts anew from a broken file, and refuses one that is not its own") {
  bench b(with_user());
  place const p;
  std::ofstream(p.cache()) << "{\"server\":";
  std::filesystem::permissions(p.cache(), std::filesystem::perms(0600));
  CHECK(b.run(p.with({"links"})).code == 0);
  std::filesystem::permissions(p.cache(), std::filesystem::perms(0640));
  auto const open = b.run(p.with({"links"}));
  CHECK(open.code == 2);
  CHECK(holds(open.err, "chmod 600"));
  std::filesystem::remove(p.cache());
  std::filesystem::create_symlink(p.path / "password", p.cache());
  CHECK(b.run(p.with({"links"})).code == 2);
  std::filesystem::remove(p.cache());
  std::filesystem::create_directory(p.cache());
  CHECK(b.run(p.with({"links"})).code == 2);
  CHECK(b.run({"links", "--session-cache", "/nonexistent/cache"}).code == 2); // and without a user
  std::filesystem::remove(p.cache());
  auto const colon =
      b.run({"links", "--session-cache", p.cache(), "-u", "a:b", "--password-file", p.path / "password"});
  CHECK(colon.code == 2);
  CHECK(colon.err.find("hvc-sync: --user: ") == 0);
  CHECK(b.server.logins() == 1);
}

TEST_CASE("hvc-sync whose time ends during its login leaves no session behind") {
  auto o = with_user();
  o.latency = 400ms;
  bench b(o);
  auto const r =
      b.run({"get", "link-1", "provider-1", "-t", "100ms"}, {{"HVC_USER", "me"}, {"HVC_PASSWORD", "secret"}});
  CHECK(r.code == 4);
  CHECK(b.server.wait_until([&] { return b.server.logouts() == 1; }));
  CHECK(b.server.live_sessions() == 0);
}

TEST_CASE("hvc-sync --session-cache that is interrupted during its login keeps the session, or logs out of it") {
  auto o = with_user();
  o.latency = 400ms;
  bench b(o);
  place const p;
  program running(HVC_SYNC, {b.trusting(p.with({"links"}))});
  REQUIRE(b.server.wait_until([&] { return b.server.requests() == 1; }));
  running.send_signal(SIGINT);
  CHECK(running.wait().code == 4);
  CHECK(b.server.logins() == 1);
  CHECK(b.run(p.with({"links"})).code == 0);
  CHECK(b.server.logins() == 1);

  std::filesystem::remove(p.cache());
  CHECK(b.run(p.with({"links", "-t", "100ms"})).code == 4);
  CHECK(b.server.logins() == 2);
  CHECK(b.server.live_sessions() == 1);
}

TEST_CASE("hvc-sync --session-cache knows its server however its address is written, and takes nobody else's file") {
  bench b(with_user());
  place const p;
  for (auto const* const end : {"", "/"})
    CHECK(bench::run_bare(p.with({"links", "-s", b.server.server() + end, "--ca-file", b.authority.path()})).code == 0);
  CHECK(b.server.logins() == 1);

  auto const other =
      b.run({"links", "-u", "other", "--password-file", p.path / "password", "--session-cache", p.cache()});
  CHECK(other.code == 2);
  CHECK(holds(other.err, "is that of me at " + b.server.server()));
  CHECK(b.server.requests() == 3); // a login, and two questions
  CHECK(b.run(p.with({"links"})).code == 0);
  CHECK(b.server.logins() == 1);
}
