// hvc-sync cert and doctor: what to look at when it does not work.
#include "sync_bench.hpp"

#include <csignal>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

using namespace hvc::test;
using namespace std::chrono_literals;

namespace {

// A vCenter of 8.0 U1 or later: links have a health, and the sync API is gone.
void without_sync_api(hvc::simulator& server) {
  server.on_request([](hvc::simulated_request const& r) -> std::optional<hvc::canned_reply> {
    if (r.target.find("/sync") == std::string::npos)
      return std::nullopt;
    return hvc::canned_reply(404, R"({"error_type":"NOT_FOUND","messages":[
        {"id":"com.vmware.vapi.rest.httpNotFound","default_message":"Not found.","args":[]}]})");
  });
}

boost::json::object step(program_outcome const& r, std::string_view name) {
  CAPTURE(r.out, r.err);
  auto const steps = boost::json::parse(r.out);
  for (auto const& s : steps.as_array())
    if (s.at("step") == boost::json::string_view(name))
      return s.as_object();
  return {};
}

// Connections are made, and met with silence.
class silent_server {
public:
  [[nodiscard]] std::string address() const {
    return "https://127.0.0.1:" + std::to_string(listening_.local_endpoint().port());
  }
  // Until one has sent the first bytes of its handshake.
  void wait_for_client() { clients_.emplace_back(listening_.accept()).wait(boost::asio::socket_base::wait_read); }
  // So many have come.
  [[nodiscard]] std::size_t clients() {
    listening_.non_blocking(true);
    boost::system::error_code no_more;
    while (!no_more)
      clients_.push_back(listening_.accept(no_more));
    return clients_.size() - 1;
  }

private:
  using tcp = boost::asio::ip::tcp;

  boost::asio::io_context context_; // which nobody runs
  tcp::acceptor listening_{context_, {boost::asio::ip::address_v4::loopback(), 0}};
  std::vector<tcp::socket> clients_;
};

} // namespace

TEST_CASE("hvc-sync cert shows the chain, trusted or not, and the flag it names is trusted") {
  bench b;
  auto const trusted = b.run({"cert"});
  CHECK(trusted.code == 0);
  CHECK(holds(trusted.out, "Trusted   yes\n"));
  CHECK(holds(trusted.out, "SHA-256  " + fingerprint_of(b.server) + "\n"));
  CHECK(holds(trusted.out, "localhost, 127.0.0.1"));

  auto const untrusted = bench::run_bare({"cert", "-s", b.server.server()});
  CHECK(untrusted.code == 0);
  CHECK(bench::run_bare({"cert", "-k", "-s", b.server.server()}).out == untrusted.out);
  CHECK(holds(untrusted.out, "Trusted   no: no issuer\n"));
  auto const flag = "--pin-sha256=" + fingerprint_of(b.server);
  CHECK(holds(untrusted.out, "\n" + flag + "\n"));
  CHECK(bench::run_bare({"links", "-s", b.server.server(), flag}).code == 0);
  CHECK(holds(bench::run_bare({"links", "-s", b.server.server()}).err, "hvc-sync cert"));

  auto const json = boost::json::parse(b.run({"cert", "-o", "json"}).out);
  CHECK(json.at("trusted") == true);
  CHECK(json.at("chain").at(0).at("sha256") == boost::json::string_view(b.server.certificate_sha256()));
}

TEST_CASE("hvc-sync cert shows an expired certificate, and sends no credentials anywhere") {
  bench b(with_user());
  b.server.fault_next("expired", hvc::simulator::forever);
  auto const r = b.run({"cert"}, {{"HVC_USER", "me"}, {"HVC_PASSWORD", "secret"}});
  CHECK(r.code == 0);
  CHECK(holds(r.out, "expired"));
  CHECK(b.server.requests() == 0);

  bench trusted(with_user());
  bool told = false;
  trusted.server.on_request([&told](hvc::simulated_request const& q) -> std::optional<hvc::canned_reply> {
    told |= !q.field("authorization").empty() || !q.field("vmware-api-session-id").empty();
    return std::nullopt;
  });
  CHECK(trusted.run({"cert"}, {{"HVC_USER", "me"}, {"HVC_PASSWORD", "secret"}}).code == 0);
  CHECK(trusted.server.logins() == 0);
  CHECK_FALSE(told);
}

TEST_CASE("hvc-sync cert ends as get would where nobody shows a certificate") {
  bench b;
  b.server.fault_next("plain-http", hvc::simulator::forever);
  CHECK(b.run({"cert"}).code == 3);
  auto const address = b.server.server();
  b.server.stop();
  auto const nobody = bench::run_bare({"cert", "-s", address, "-o", "json"});
  CHECK(nobody.code == 3);
  CHECK(error_in(nobody).at("kind") == "connect");
  CHECK(bench::run_bare({"cert", "-s", "https://no-such-host.invalid"}).code == 3);
}

TEST_CASE("hvc-sync doctor tells each step of a server that is well") {
  bench b(with_user());
  variables const me{{"HVC_USER", "me"}, {"HVC_PASSWORD", "secret"}};
  auto const text = b.run({"doctor"}, me);
  CHECK(text.code == 0);
  for (auto const* line : {"ok       resolve  ", "ok       connect  ", "ok       TLS      ", "ok       login    ",
                           "ok       API      ", "ok       clock    ", "logged in as me", "the sync API is there"})
    CHECK(holds(text.out, line));
  auto const json = b.run({"doctor", "-o", "json"}, me);
  for (auto const* name : {"resolve", "connect", "TLS", "login", "API"})
    CHECK(step(json, name).at("elapsed_us").as_int64() >= 0);
  CHECK(b.server.live_sessions() == 0);
}

TEST_CASE("hvc-sync doctor says that the sync API is gone, and how the links are") {
  bench b;
  without_sync_api(b.server);
  auto const r = b.run({"doctor"});
  CHECK(r.code == 1);
  CHECK(holds(r.out, "the sync API is not on this server; link link-1 is HEALTHY"));
}

TEST_CASE("hvc-sync doctor exits as its first failure would, and goes no further than it can") {
  bench b(with_user());
  auto const refused = b.run({"doctor", "-o", "json"}, {{"HVC_USER", "me"}, {"HVC_PASSWORD", "wrong"}});
  CHECK(refused.code == 1);
  CHECK(step(refused, "login").at("error").at("reason") == "login_refused");
  CHECK(step(refused, "API").empty());
  CHECK(step(refused, "clock").at("result") == "ok");

  auto const untrusted = bench::run_bare({"doctor", "-s", b.server.server(), "-o", "json"});
  CHECK(untrusted.code == 3);
  CHECK(step(untrusted, "TLS").at("error").at("kind") == "tls_verify");
  CHECK(step(untrusted, "connect").at("result") == "ok");

  b.server.fault_next("stall", hvc::simulator::forever);
  CHECK(b.run({"doctor", "-t", "500ms", "--attempts", "1"}, {{"HVC_USER", "me"}, {"HVC_PASSWORD", "secret"}}).code ==
        4);

  auto const address = b.server.server();
  b.server.stop();
  auto const nobody = bench::run_bare({"doctor", "-s", address, "-o", "json"});
  CHECK(nobody.code == 3);
  CHECK(step(nobody, "connect").at("error").at("kind") == "connect");
  auto const nowhere = bench::run_bare({"doctor", "-s", "https://no-such-host.invalid", "-o", "json"});
  CHECK(nowhere.code == 3);
  CHECK(step(nowhere, "resolve").at("error").at("kind") == "resolve");
}

TEST_CASE("hvc-sync doctor that is interrupted ends with the step it was at") {
  auto o = with_user();
  o.latency = 60s;
  bench b(o);
  program running(HVC_SYNC, {b.trusting({"doctor", "-o", "json"}), {{"HVC_USER", "me"}, {"HVC_PASSWORD", "secret"}}});
  REQUIRE(b.server.wait_until([&] { return b.server.requests() == 1; }));
  running.send_signal(SIGINT);
  auto const r = running.wait();
  CHECK(r.code == 4);
  CHECK(step(r, "TLS").at("result") == "ok");
  CHECK(step(r, "API").at("error").at("kind") == "canceled");
  CHECK(step(r, "login").empty());
}

TEST_CASE("hvc-sync cert and doctor that are interrupted before anybody has answered end at once, and say so") {
  for (std::string const command : {"cert", "doctor"}) {
    silent_server silent;
    program running(HVC_SYNC, {{command, "-s", silent.address(), "-o", "json"}});
    silent.wait_for_client();
    running.send_signal(SIGINT);
    auto const r = running.wait();
    CAPTURE(command, r.out, r.err);
    CHECK(r.code == 4);
    auto const e = command == "cert" ? error_in(r) : step(r, "TLS").at("error").as_object();
    CHECK(e.at("kind") == "canceled");
    CHECK(e.at("stage") == "handshake");
    CHECK(silent.clients() == 1); // nobody begins anew what was interrupted
  }
}

TEST_CASE("hvc-sync doctor gives each step no longer than --timeout") {
  silent_server silent;
  auto const began = std::chrono::steady_clock::now();
  auto const r = bench::run_bare({"doctor", "-s", silent.address(), "-t", "300ms", "-o", "json"});
  CHECK(r.code == 4);
  CHECK(step(r, "TLS").at("error").at("kind") == "deadline");
  CHECK(silent.clients() == 1);
  CHECK(std::chrono::steady_clock::now() - began < std::chrono::seconds(5)); // a handshake has 10 without it
}
