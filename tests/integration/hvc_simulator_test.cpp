// hvc-simulator as whoever tests a client of another language runs it, with hvc-sync for that client.
#include "sync_bench.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <csignal>
#include <optional>

#include <fcntl.h>
#include <unistd.h>

using namespace hvc::test;

namespace {

// The program, from the line that says it is ready on.
class running_simulator {
public:
  explicit running_simulator(words arguments) {
    int ends[2];
    REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
    program_.emplace(HVC_SIMULATOR, program_start{.arguments = std::move(arguments), .output = ends[1]});
    ::close(ends[1]);
    std::string line;
    for (char c = 0; ::read(ends[0], &c, 1) == 1 && c != '\n';)
      line += c;
    ::close(ends[0]);
    if (line.empty())
      FAIL(program_->wait().err);
    ready_ = boost::json::parse(line).as_object();
  }

  [[nodiscard]] std::string server() const { return std::string(ready_.at("server").as_string()); }
  [[nodiscard]] std::string ca_file() const { return std::string(ready_.at("ca_file").as_string()); }
  [[nodiscard]] program_outcome ask(words arguments, std::string const& ca, variables set = {}) const {
    arguments.insert(arguments.end(), {"--server", server(), "--ca-file", ca});
    return bench::run_bare(std::move(arguments), std::move(set));
  }
  [[nodiscard]] int end(int signal) {
    program_->send_signal(signal);
    return program_->wait().code;
  }

private:
  std::optional<program> program_;
  boost::json::object ready_;
};

program_outcome run_simulator(words arguments) { return run_program(HVC_SIMULATOR, {std::move(arguments)}); }

} // namespace

TEST_CASE("hvc-simulator says where it listens and whom to trust, serves, and ends cleanly on a signal") {
  temporary_directory const d;
  auto const ca = (d.path() / "ca.pem").string();
  for (int const signal : {SIGTERM, SIGINT}) {
    running_simulator s({"--listen", "127.0.0.1:0", "--links", "2", "--providers", "3", "--ca-out", ca});
    CHECK(s.ca_file() == ca);
    CHECK(boost::json::parse(s.ask({"links", "-o", "json"}, ca).out).as_array().size() == 2);
    CHECK(boost::json::parse(s.ask({"providers", "link-2", "-o", "json"}, ca).out).as_array().size() == 3);
    CHECK(s.ask({"get", "link-2", "provider-3"}, ca).code == 0);
    CHECK(s.end(signal) == 0);
  }
}

TEST_CASE("hvc-simulator with --pki names the authority it keeps, and is the same server when it starts again") {
  temporary_directory const d;
  words const arguments{"--pki", (d.path() / "kept").string()};
  running_simulator first(arguments);
  CHECK(first.ca_file() == (d.path() / "kept" / "ca.pem").string());
  CHECK(first.end(SIGTERM) == 0);
  running_simulator const second(arguments);
  CHECK(second.ask({"links"}, first.ca_file()).code == 0);
}

TEST_CASE("hvc-simulator with a user answers nobody who has not logged in") {
  temporary_file const password("secret\n");
  temporary_directory const d;
  running_simulator const s(
      {"--user", "me", "--password-file", password.path(), "--ca-out", (d.path() / "ca.pem").string()});
  CHECK(s.ask({"links", "--no-auth"}, s.ca_file()).code == 1);
  CHECK(s.ask({"links", "--user", "me", "--password-file", password.path()}, s.ca_file()).code == 0);
}

TEST_CASE("hvc-simulator commits the faults it is told to, by word and by row") {
  temporary_directory const d;
  for (std::string const kind : {"truncate", "H1"}) {
    CAPTURE(kind);
    running_simulator const s({"--fault", kind + "@100%", "--ca-out", (d.path() / "ca.pem").string()});
    auto const r = s.ask({"get", "link-1", "provider-1", "-o", "json", "--attempts", "1"}, s.ca_file());
    CHECK(r.code == 3);
    CHECK(error_in(r).at("kind") == "connection_lost");
  }
}

TEST_CASE("hvc-simulator --help names every fault") {
  auto const r = run_simulator({"--help"});
  CHECK(r.code == 0);
  for (auto const& f : hvc::simulator::faults())
    CHECK(holds(r.out, std::string("\n  ") + std::string(f.word)));
}

TEST_CASE("hvc-simulator exits with 2 at wrong usage and 1 where it cannot listen, and names what is wrong") {
  for (auto const& [arguments, named] :
       std::vector<std::pair<words, std::string>>{{{"--listen", "127.0.0.1"}, "--listen"},
                                                  {{"--links", "-1"}, "--links"},
                                                  {{"--user", "me"}, "--password-file"},
                                                  {{"--rtt", "soon"}, "--rtt"},
                                                  {{"--fault", "gremlin@1%"}, "gremlin"},
                                                  {{"--fault", "truncate"}, "truncate"},
                                                  {{"--body", "/nowhere"}, "/nowhere"},
                                                  {{"--body", "/"}, "cannot read /"},
                                                  {{"--user", "me", "--password-file", "/"}, "cannot read /"},
                                                  {{"--pk", "d"}, "pk"},
                                                  {{"serve"}, "positional"}}) {
    CAPTURE(arguments);
    auto const r = run_simulator(arguments);
    CHECK(r.code == 2);
    CHECK(r.out.empty());
    CHECK(holds(r.err, named));
  }
  boost::asio::io_context io;
  boost::asio::ip::tcp::acceptor const taken(io, {boost::asio::ip::address_v4::loopback(), 0});
  auto const where = "127.0.0.1:" + std::to_string(taken.local_endpoint().port());
  auto const r = run_simulator({"--listen", where});
  CHECK(r.code == 1);
  CHECK(holds(r.err, "cannot listen"));
}

TEST_CASE("hvc-simulator ends where nobody can learn that it is ready") {
  int const full = ::open("/dev/full", O_WRONLY | O_CLOEXEC);
  auto const r = program(HVC_SIMULATOR, {.output = full}).wait();
  ::close(full);
  CHECK(r.code == 1);
  CHECK(holds(r.err, "cannot write to standard output"));

  auto const closed = run_program("/bin/sh", {.arguments = {"-c", "exec " HVC_SIMULATOR " >&-"}});
  CHECK(closed.code == 1);
  CHECK(holds(closed.err, "cannot write to standard output"));
}
