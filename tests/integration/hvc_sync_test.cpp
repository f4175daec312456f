// hvc-sync as a user runs it, against the simulator: exit codes, the JSON for programs, the text for people.
#include "page_bodies.hpp"
#include "sync_bench.hpp"

#include <hvc/codec.hpp>

#include <chrono>
#include <csignal>

#include <unistd.h>

using namespace hvc::test;
using namespace std::chrono_literals;

TEST_CASE("hvc-sync get prints the server's Info as JSON") {
  bench b;
  b.server.set_reply("link-1", "provider-1", hvc::canned_reply(200, page_info));
  auto const r = b.get_json();
  CHECK(r.code == 0);
  CHECK(r.err.empty());
  CHECK(boost::json::parse(r.out) == boost::json::parse(page_info));
  REQUIRE(hvc::decode_sync_info(r.out).has_value());
  CHECK((*hvc::decode_sync_info(r.out) == *hvc::decode_sync_info(page_info)));
}

TEST_CASE("hvc-sync get prints a card for a person") {
  bench b;
  b.server.set_reply("link-1", "provider-1", hvc::canned_reply(200, page_info));
  auto const r = b.run({"get", "link-1", "provider-1"});
  CHECK(r.code == 0);
  CHECK(holds(r.out, "Status       FAILED\n"));
  CHECK(holds(r.out, "Last sync    2026-03-14 09:26:53 UTC ("));
  CHECK(!holds(r.out, "\x1b"));
  CHECK(holds(b.run({"get", "link-1", "provider-1", "--color=always"}).out, "\x1b[31mFAILED\x1b[0m"));
}

TEST_CASE("hvc-sync passes ids of any bytes through") {
  bench b;
  std::string const link = "a/b c?#%2e", provider = "zürich@vc:443";
  b.server.set_provider(link, provider,
                        *hvc::decode_sync_info(R"({"status":"SUCCEEDED","polling_interval_in_seconds":7})"));
  CHECK(b.run({"get", "-o", "json", link, provider}).out ==
        "{\"status\":\"SUCCEEDED\",\"polling_interval_in_seconds\":7}\n");
}

TEST_CASE("hvc-sync links and providers print the API's own arrays, and tables") {
  bench b;
  auto const links = b.run({"links", "-o", "json"});
  CHECK(links.code == 0);
  REQUIRE(hvc::decode_links(links.out).has_value());
  CHECK(hvc::decode_links(links.out)->size() == 3);
  auto const providers = b.run({"providers", "link-2", "-o", "json"});
  CHECK(providers.code == 0);
  REQUIRE(hvc::decode_providers(providers.out).has_value());
  CHECK(hvc::decode_providers(providers.out)->size() == 4);
  CHECK(b.run({"links"}).out.find("LINK    NAME") == 0);
  CHECK(holds(b.run({"providers", "link-2"}).out, "provider-4\n"));
}

TEST_CASE("hvc-sync exits with 1 where the server answers with the page's error") {
  for (int const status : {403, 404, 500}) {
    CAPTURE(status);
    bench b;
    b.server.set_reply("link-1", "provider-1", hvc::canned_reply(status, page_error));
    auto const r = b.get_json();
    CHECK(r.code == 1);
    CHECK(r.err.empty());
    auto const e = error_in(r);
    CHECK(e.at("kind") == "standard");
    CHECK(e.at("http_status") == status);
    CHECK(e.at("error_type") == "string");
    CHECK(e.at("messages").at(0).at("default_message") == "string");
    CHECK(e.at("data") == boost::json::object());
    CHECK(e.at("attempts") == 1);
    CHECK(e.at("retryable") == false);
    CHECK(!text_of(e, "message").empty());
    CHECK(!text_of(e, "stage").empty());
  }
}

TEST_CASE("hvc-sync tells a person of a standard error on standard error, with its causes") {
  bench b;
  b.server.set_reply("link-1", "provider-1", hvc::canned_reply(404, R"({"messages":[
      {"id":"a","default_message":"The provider is gone.","args":[]},
      {"id":"b","default_message":"Somebody removed it.","args":[]}],"error_type":"NOT_FOUND"})"));
  auto const r = b.run({"get", "link-1", "provider-1"});
  CHECK(r.code == 1);
  CHECK(r.out.empty());
  CHECK(r.err.find("hvc-sync: standard(NOT_FOUND): The provider is gone.") == 0);
  CHECK(holds(r.err, "\n  caused by: Somebody removed it.\n"));
}

TEST_CASE("hvc-sync tells an unknown route from an unknown provider") {
  bench b;
  b.server.fault_next("404-route");
  auto const route = b.get_json();
  CHECK(route.code == 1);
  CHECK(error_in(route).at("kind") == "route_unknown");
  b.server.fault_next("404-route");
  CHECK(holds(b.run({"get", "link-1", "provider-1"}).err, "8.0 U1"));
  auto const provider = b.run({"get", "link-1", "nobody", "-o", "json"});
  CHECK(provider.code == 1);
  CHECK(error_in(provider).at("kind") == "standard");
}

TEST_CASE("hvc-sync exits with 3 where the reply is none of the API's") {
  struct {
    char const* fault;
    char const* kind;
  } const cases[] = {{"503", "http_status"},      {"404-empty", "http_status"},
                     {"redirect", "http_status"}, {"html", "content"},
                     {"empty", "content"},        {"truncate", "connection_lost"},
                     {"no-json", "decode"},       {"wrong-type", "decode"},
                     {"te-cl", "protocol"},       {"huge-body", "limit"},
                     {"gzip", "content"},         {"reset", "connection_lost"},
                     {"garbage", "protocol"},     {"deep", "limit"}};
  bench b;
  for (auto const& c : cases) {
    CAPTURE(c.fault);
    b.server.fault_next(c.fault);
    auto const r = b.get_json({"--attempts", "1"});
    CHECK(r.code == 3);
    CHECK(error_in(r).at("kind") == c.kind);
  }
}

TEST_CASE("hvc-sync keeps a refusal in plain text readable") {
  bench b;
  b.server.fault_next("503", 2);
  auto const e = error_in(b.get_json({"--attempts", "1"}));
  CHECK(e.at("http_status") == 503);
  CHECK(e.at("retryable") == true);
  CHECK(!e.contains("error_type"));
  auto const text = b.run({"get", "link-1", "provider-1", "--attempts", "1"});
  CHECK(text.code == 3);
  CHECK(holds(text.err, "503"));
  CHECK(holds(text.err, "no healthy upstream"));
}

TEST_CASE("hvc-sync tries again as often as it is told") {
  bench b;
  b.server.fault_next("503", 1);
  CHECK(b.get_json().code == 0);
  b.server.fault_next("503", 1);
  CHECK(error_in(b.get_json({"--attempts", "1"})).at("attempts") == 1);
}

TEST_CASE("hvc-sync exits with 4 where the server never answers, in time") {
  bench b;
  b.server.fault_next("stall", hvc::simulator::forever);
  auto const start = std::chrono::steady_clock::now();
  auto const r = b.get_json({"-t", "700ms"});
  auto const took = std::chrono::steady_clock::now() - start;
  CHECK(r.code == 4);
  CHECK(error_in(r).at("kind") == "deadline");
  CHECK(took >= 700ms);
  CHECK(took < 3s);
  auto const text = b.run({"get", "link-1", "provider-1", "--timeout=200ms"});
  CHECK(text.code == 4);
  CHECK(holds(text.err, "--timeout"));
}

TEST_CASE("hvc-sync refuses a certificate it should not trust, and names its fingerprint") {
  struct {
    char const* fault;
    char const* reason;
  } const cases[] = {{"expired", "expired"},
                     {"not-yet-valid", "not_yet_valid"},
                     {"wrong-host", "host_mismatch"},
                     {"self-signed", "self_signed"},
                     {"untrusted-root", "untrusted_root"}};
  bench b;
  for (auto const& c : cases) {
    CAPTURE(c.fault);
    b.server.fault_next(c.fault, 2);
    auto const r = b.get_json();
    CHECK(r.code == 3);
    auto const e = error_in(r);
    CHECK(e.at("kind") == "tls_verify");
    CHECK(e.at("reason") == c.reason);
    CHECK(e.at("stage") == "handshake");
    CHECK(e.at("attempts") == 1);
    auto const text = b.run({"get", "link-1", "provider-1"});
    CHECK(text.code == 3);
    CHECK(holds(text.err, "--pin-sha256="));
  }
}

TEST_CASE("hvc-sync trusts by the fingerprint its hint names, and blindly only if told") {
  bench b;
  words const get{"get", "link-1", "provider-1", "-s", b.server.server()};
  auto const untrusted = bench::run_bare(get);
  CHECK(untrusted.code == 3);
  CHECK(holds(untrusted.err, "--pin-sha256=" + fingerprint_of(b.server) + "\n"));
  auto with = [&get](words const& more) {
    words arguments = get;
    arguments.insert(arguments.end(), more.begin(), more.end());
    return bench::run_bare(arguments).code;
  };
  CHECK(with({"--pin-sha256", fingerprint_of(b.server)}) == 0);
  CHECK(with({"--pin-sha256", b.server.certificate_sha256()}) == 0);
  CHECK(with({"--pin-sha256", std::string(64, '0')}) == 3);
  CHECK(with({"-k"}) == 0);
}

TEST_CASE("hvc-sync tells a server without TLS, and one that is not there") {
  bench b;
  b.server.fault_next("plain-http", hvc::simulator::forever);
  auto const plain = b.run({"get", "link-1", "provider-1"});
  CHECK(plain.code == 3);
  CHECK(holds(plain.err, "not_tls"));
  CHECK(holds(plain.err, "hint: "));
  auto const address = b.server.server();
  b.server.stop();
  auto const nobody = bench::run_bare({"links", "-s", address, "-o", "json"});
  CHECK(nobody.code == 3);
  CHECK(error_in(nobody).at("kind") == "connect");
  CHECK(error_in(nobody).at("attempts") == 3);
}

TEST_CASE("hvc-sync logs in and out, with a password from a file, from standard input or from the environment") {
  bench b(with_user());
  temporary_file const file("secret\r\n");
  CHECK(b.get_json({"-u", "me", "--password-file", file.path()}).code == 0);
  CHECK(b.run({"get", "link-1", "provider-1", "-u", "me", "--password-file", "-"}, {}, "secret\n").code == 0);
  CHECK(b.run({"links"}, {{"HVC_USER", "me"}, {"HVC_PASSWORD", "secret"}}).code == 0);
  CHECK(b.run({"links"}, {{"HVC_USER", "me"}, {"HVC_PASSWORD_FILE", file.path()}}).code == 0);
  CHECK(b.server.logins() == 4);
  CHECK(b.server.logouts() == 4);
  CHECK(b.server.live_sessions() == 0);
}

TEST_CASE("hvc-sync exits with 1 where the login is refused, tries once, and repeats no password") {
  bench b(with_user());
  variables const wrong{{"HVC_USER", "me"}, {"HVC_PASSWORD", "hunter2"}};
  auto const r = b.run({"links", "-o", "json", "-v"}, wrong);
  CHECK(r.code == 1);
  auto const e = error_in(r);
  CHECK(e.at("kind") == "auth");
  CHECK(e.at("reason") == "login_refused");
  CHECK(e.at("error_type") == "UNAUTHENTICATED");
  CHECK(b.server.requests() == 1);
  CHECK(!holds(r.out + r.err, "hunter2"));
  auto const text = b.run({"links"}, wrong);
  CHECK(holds(text.err, "--user"));
}

TEST_CASE("hvc-sync with nobody's credentials, or with an unknown session, is told who should ask") {
  bench b(with_user());
  auto const nobody = b.run({"links"});
  CHECK(nobody.code == 1);
  CHECK(holds(nobody.err, "hint: say who asks"));
  auto const unknown = b.run({"links", "-o", "json"}, {{"HVC_SESSION_TOKEN", "0123456789abcdef"}});
  CHECK(unknown.code == 1);
  CHECK(error_in(unknown).at("kind") == "standard");
  CHECK(b.server.logins() == 0);
}

TEST_CASE("hvc-sync lets a flag beat the environment") {
  bench b;
  variables const wrong{{"HVC_SERVER", "https://127.0.0.1:1"},
                        {"HVC_CA_FILE", "/nonexistent"},
                        {"HVC_TIMEOUT", "never"},
                        {"HVC_USER", "me"},
                        {"HVC_PASSWORD", "secret"}};
  CHECK(b.run({"links", "-t", "20", "--no-auth"}, wrong).code == 0);
  CHECK(b.server.logins() == 0);
  variables const right{{"HVC_SERVER", b.server.server()}, {"HVC_PIN_SHA256", b.server.certificate_sha256()}};
  CHECK(bench::run_bare({"links"}, right).code == 0);
  CHECK(bench::run_bare({"links", "--pin-sha256", std::string(64, '0')}, right).code == 3);
}

TEST_CASE("hvc-sync sends the header fields it is given") {
  bench b;
  std::string seen;
  b.server.on_request([&seen](hvc::simulated_request const& r) {
    seen = std::string(r.field("x-request-id")) + " " + std::string(r.field("user-agent"));
    return std::nullopt;
  });
  CHECK(b.get_json({"--header", "X-Request-ID: 4711"}).code == 0);
  CHECK(seen.find("4711 hvc-sync/") == 0);
}

TEST_CASE("hvc-sync exits with 2 at wrong usage, and says why on standard error only") {
  std::string const server = "https://127.0.0.1:1";
  for (auto const& arguments :
       {words{}, words{"frobnicate"}, words{"get", "-s", server, "only-one"}, words{"get", "-s", server, "a", "b", "c"},
        words{"links", "-s", server, "a"}, words{"get", "a", "b"}, words{"links", "-s", server, "--frobnicate"},
        words{"links", "-s", server, "-o", "yaml"}, words{"links", "-s", server, "--color", "blue"},
        words{"links", "-s", server, "-t", "soon"}, words{"links", "-s", server, "--attempts", "0"},
        words{"links", "-s", server, "-u", "me"}, words{"links", "-s", server, "--password", "secret"},
        words{"links", "-s", server, "-k", "--ca-file", "f"}, words{"links", "-s", "http://127.0.0.1"},
        words{"links", "-s", "https://host/path"}, words{"links", "-s", server, "--ca-file", "/nonexistent"},
        words{"links", "-s", server, "--header", "Host: x"}}) {
    CAPTURE(arguments);
    for (auto const& format : {words{}, words{"-o", "json"}}) {
      auto all = arguments;
      if (all.empty() || all.back() != "yaml")
        all.insert(all.end(), format.begin(), format.end());
      auto const r = bench::run_bare(all);
      CHECK(r.code == 2);
      CHECK(r.out.empty());
      CHECK(r.err.find("hvc-sync: ") == 0);
    }
  }
}

TEST_CASE("hvc-sync says which argument is one too many, or missing") {
  auto const said = [](words const& arguments) { return bench::run_bare(arguments).err; };
  CHECK(said({"get", "a", "b", "c", "d"}).find("hvc-sync: get takes LINK PROVIDER: 'c' is one too many\n") == 0);
  CHECK(said({"links", "a"}).find("hvc-sync: links takes no argument: 'a' is one too many\n") == 0);
  CHECK(said({"get", "a"}).find("hvc-sync: get takes LINK PROVIDER: no PROVIDER was given\n") == 0);
  CHECK(said({"get"}).find("hvc-sync: get takes LINK PROVIDER: no LINK was given\n") == 0);
}

TEST_CASE("hvc-sync names the flag, or the variable, whose value cannot be used") {
  temporary_file const no_pem("nonsense");
  temporary_file const no_token("two words");
  std::string const server = "https://127.0.0.1:1";
  auto const said = [](words const& more, variables const& set = {}) {
    words all{"links"};
    all.insert(all.end(), more.begin(), more.end());
    auto const r = bench::run_bare(all, set);
    CHECK(r.code == 2);
    return r.err;
  };
  CHECK(said({"-s", "vc.test"}).find("hvc-sync: --server: must begin with https://\n") == 0);
  CHECK(said({"-s", "https://a..b:443"}).find("hvc-sync: --server: ") == 0);
  CHECK(said({}, {{"HVC_SERVER", "vc.test"}}).find("hvc-sync: HVC_SERVER: must begin") == 0);
  CHECK(said({"-s", server, "--ca-file", "/nonexistent"}).find("hvc-sync: --ca-file /nonexistent: No such file") == 0);
  CHECK(said({"-s", server}, {{"HVC_CA_FILE", no_pem.path()}}).find("hvc-sync: HVC_CA_FILE /") == 0);
  CHECK(said({"-s", server, "--cert", no_pem.path(), "--key", no_pem.path()}).find("hvc-sync: --cert /") == 0);
  CHECK(said({"-s", server, "--session-token-file", no_token.path()}).find("hvc-sync: --session-token-file: ") == 0);
  CHECK(said({"-s", server}, {{"HVC_USER", "a:b"}, {"HVC_PASSWORD", "x"}}).find("hvc-sync: HVC_USER: ") == 0);
}

TEST_CASE("hvc-sync exits with 2 at an argument the library refuses, and shows the error") {
  bench b;
  for (auto const* link : {"", ".", ".."}) {
    CAPTURE(link);
    auto const r = b.run({"get", link, "provider-1", "-o", "json"});
    CHECK(r.code == 2);
    auto const e = error_in(r);
    CHECK(e.at("kind") == "invalid_argument");
    CHECK(e.at("reason") == "link");
    CHECK(e.at("attempts") == 0);
  }
  CHECK(b.server.requests() == 0);
}

TEST_CASE("hvc-sync shows help and version, of a command too") {
  for (auto const& arguments : {words{"--help"}, words{"-h"}, words{"get", "--help"}, words{"-h", "links"}}) {
    auto const r = bench::run_bare(arguments);
    CHECK(r.code == 0);
    CHECK(r.err.empty());
    CHECK(r.out.find("usage: hvc-sync ") == 0);
    CHECK(holds(r.out, "--password-file"));
  }
  CHECK(bench::run_bare({"-V"}).out.find("hvc-sync 0.") == 0);
}

TEST_CASE("hvc-sync --verbose tells what happens, on standard error") {
  bench b;
  b.server.fault_next("503");
  auto const r = b.get_json({"-v"});
  CHECK(r.code == 0);
  CHECK(hvc::decode_sync_info(r.out).has_value());
  CHECK(holds(r.err, "connection opened"));
  CHECK(holds(r.err, "trying again in "));
  CHECK(holds(r.err, "done: requests 2"));
}

TEST_CASE("hvc-sync that is interrupted reports a cancelled call, and logs out") {
  for (int const number : {SIGINT, SIGTERM, SIGHUP}) {
    bench b(with_user());
    b.server.fault_next("stall", hvc::simulator::forever);
    program running(HVC_SYNC, {b.trusting({"links", "-o", "json"}), {{"HVC_USER", "me"}, {"HVC_PASSWORD", "secret"}}});
    REQUIRE(b.server.wait_until([&] { return b.server.requests() == 2; }));
    running.send_signal(number);
    auto const r = running.wait();
    CHECK(r.code == 4);
    CHECK(error_in(r).at("kind") == "canceled");
    CHECK(b.server.logins() == 1);
    CHECK(b.server.live_sessions() == 0);
  }
}

TEST_CASE("hvc-sync whose reader has gone away logs out all the same") {
  bench b(with_user());
  int ends[2];
  REQUIRE(::pipe(ends) == 0);
  ::close(ends[0]);
  auto const r =
      run_program(HVC_SYNC, {b.trusting({"links"}), {{"HVC_USER", "me"}, {"HVC_PASSWORD", "secret"}}, {}, ends[1]});
  ::close(ends[1]);
  CHECK(r.code == 3);
  CHECK(r.err.empty());
  CHECK(b.server.logins() == 1);
  CHECK(b.server.live_sessions() == 0);
}
