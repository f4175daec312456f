// Whom the client trusts: everything is verified by default, and a refusal tells what to do about it.
#include "client_fixture.hpp"

#include <filesystem>
#include <fstream>

#include <unistd.h>

using namespace hvc::test;

namespace {

std::string port_of(hvc::simulator const& s) { return s.server().substr(s.server().rfind(':')); }

hvc::client_options untrusting(world const& w) { return hvc::client_options().server(w.server.server()).seed(1); }

// A file for as long as the test needs it.
class temporary_file {
public:
  explicit temporary_file(std::string const& content)
      : path_(std::filesystem::temp_directory_path() / ("hvc-client-tls-" + std::to_string(::getpid()) + ".pem")) {
    std::ofstream(path_) << content;
  }
  temporary_file(temporary_file const&) = delete;
  temporary_file& operator=(temporary_file const&) = delete;
  ~temporary_file() { std::filesystem::remove(path_); }
  [[nodiscard]] std::string path() const { return path_.string(); }

private:
  std::filesystem::path path_;
};

bool has(std::string const& text, std::string_view part) { return text.find(part) != std::string::npos; }

} // namespace

TEST_CASE("T5 an unknown authority is refused by default, with the fingerprint that would make a pin") {
  world w;
  auto c = w.make_client(untrusting(w));
  auto const r = w.get(c);
  REQUIRE_FALSE(r.has_value());
  CHECK(r.error().kind() == hvc::error_kind::tls_verify);
  CHECK(r.error().stage() == hvc::stage::handshake);
  CHECK(r.error().attempts() == 1); // never retried
  CHECK_FALSE(r.error().retryable());
  CHECK(r.error().certificate_sha256() == w.server.certificate_sha256());
  CHECK(has(r.error().message(), "127.0.0.1"));
  CHECK(w.server.requests() == 0);
}

TEST_CASE("T5 T6 an unknown root is told from a missing intermediate where the server shows it") {
  world w;
  auto c = w.make_client();
  w.server.fault_next("untrusted-root");
  CHECK(outcome_of(w.get(c)) == "tls_verify(untrusted_root)");
  w.server.fault_next("no-intermediate");
  CHECK(outcome_of(w.get(c)) == "tls_verify(no_issuer)");
}

TEST_CASE("an authority is trusted from a file or from memory") {
  world w;
  SECTION("a file") {
    temporary_file const file(w.server.ca_pem());
    auto o = untrusting(w);
    o.tls().ca_file(file.path());
    auto c = w.make_client(o);
    CHECK(w.get(c).has_value());
  }
  SECTION("memory") {
    auto o = untrusting(w);
    o.tls().ca_pem(w.server.ca_pem());
    auto c = w.make_client(o);
    CHECK(w.get(c).has_value());
  }
}

TEST_CASE("a pin stands in for authority and name, and a wrong pin is refused") {
  world w;
  SECTION("the right one") {
    auto o = untrusting(w);
    o.tls().pin_sha256(w.server.certificate_sha256());
    auto c = w.make_client(o);
    CHECK(w.get(c).has_value());
  }
  SECTION("a wrong one, although the authority is right") {
    auto o = w.options();
    o.tls().pin_sha256(std::string(64, 'a'));
    auto c = w.make_client(o);
    auto const r = w.get(c);
    REQUIRE_FALSE(r.has_value());
    CHECK(r.error().kind() == hvc::error_kind::tls_verify);
    CHECK(r.error().certificate_sha256() == w.server.certificate_sha256());
    CHECK(w.server.requests() == 0);
  }
}

TEST_CASE("any certificate will do where the user says so") {
  world w;
  auto o = untrusting(w);
  o.tls().insecure_no_verification();
  auto c = w.make_client(o);
  CHECK(w.get(c).has_value());
}

TEST_CASE("T3 a certificate for another host is refused, and both names are told") {
  hvc::simulator_options so;
  so.host_names = {"vc.example.com", "192.0.2.7"};
  world w(so);
  auto c = w.make_client();
  auto const r = w.get(c);
  REQUIRE(outcome_of(r) == "tls_verify(host_mismatch)");
  CAPTURE(r.error().message());
  CHECK(has(r.error().message(), "127.0.0.1"));
  CHECK(has(r.error().message(), "vc.example.com"));
  CHECK(w.server.requests() == 0);
}

TEST_CASE("a server is reached by its name as well as by its address") {
  world w;
  auto c = w.make_client(w.options().server("https://localhost" + port_of(w.server)));
  CHECK(w.get(c).has_value());
}

TEST_CASE("T1 bad certificates are told apart, refused at once, and get no request") {
  world w;
  struct row {
    char const* fault;
    char const* outcome;
  };
  for (row const& t : {row{"expired", "tls_verify(expired)"}, row{"not-yet-valid", "tls_verify(not_yet_valid)"},
                       row{"wrong-host", "tls_verify(host_mismatch)"}, row{"self-signed", "tls_verify(self_signed)"},
                       row{"no-intermediate", "tls_verify(no_issuer)"},
                       row{"name-in-subject", "tls_verify(host_mismatch)"}, row{"weak-key", "tls_verify(weak)"}}) {
    CAPTURE(t.fault);
    auto c = w.make_client();
    w.server.fault_next(t.fault);
    auto const r = w.get(c);
    REQUIRE_FALSE(r.has_value());
    CHECK(outcome_of(r) == t.outcome);
    CHECK(r.error().attempts() == 1);
    CHECK(w.get(c).has_value()); // the next connection is judged anew
  }
  CHECK(w.server.requests() == 7);
}

TEST_CASE("T14 T22 T32 what is no usable TLS is named, and not retried") {
  world w;
  struct row {
    char const* fault;
    char const* outcome;
  };
  for (row const& t : {row{"old-tls", "tls_handshake(version)"}, row{"plain-http", "tls_handshake(not_tls)"},
                       row{"client-certificate", "tls_handshake(client_cert_required)"}}) {
    CAPTURE(t.fault);
    auto c = w.make_client();
    w.server.fault_next(t.fault);
    auto const r = w.get(c);
    CHECK(outcome_of(r) == t.outcome);
  }
}

TEST_CASE("C8 a reset in the handshake is taken for overload, and tried again") {
  world w;
  auto c = w.make_client();
  for (auto const* fault : {"reset-in-handshake", "refuse"}) {
    CAPTURE(fault);
    w.server.fault_next(fault, 2);
    CHECK(w.get(c).has_value());
    w.close(c);
    c = w.make_client();
  }
  w.server.fault_next("reset-in-handshake", 3);
  auto const r = w.get(c);
  REQUIRE(outcome_of(r) == "tls_handshake(reset_in_handshake)");
  CHECK(r.error().attempts() == 3);
  CHECK(r.error().retryable());
}

TEST_CASE("C9 T13 a silent handshake ends with tls_timeout, and a waiter gets a connection of its own") {
  world w;
  auto o = w.options();
  o.timeouts().handshake = 100ms;
  o.pool().max_connections = 1;
  auto c = w.make_client(o);
  w.server.fault_next("silent-handshake");
  calls two(w);
  two.get(c);
  two.get(c, "link-1", "provider-2");
  two.wait();
  CHECK(outcome_of(two[0]) == "tls_timeout");
  CHECK(belongs_to(two[1], "link-1", "provider-2"));
}

TEST_CASE("a server of TLS 1.2 only, or of TLS 1.3 only, is served") {
  hvc::simulator_options so;
  SECTION("1.2") { so.tls_1_3 = false; }
  SECTION("1.3") { so.tls_1_2 = false; }
  world w(so);
  auto c = w.make_client();
  CHECK(w.get(c).has_value());
  CHECK(w.get(c).has_value());
}

TEST_CASE("T31 further connections resume the TLS session of earlier ones, with either version") {
  hvc::simulator_options so;
  SECTION("1.2") { so.tls_1_3 = false; }
  SECTION("1.3") { so.tls_1_2 = false; }
  world w(so);
  auto c = w.make_client();
  for (unsigned i = 0; i < 4; ++i) {
    w.server.fault_next("close-after");
    REQUIRE(w.get(c).has_value());
  }
  CHECK(c.stats().connections_opened == 4);
  CHECK(c.stats().connections_resumed == 3);
}

TEST_CASE("T31 another client, with another trust, resumes nothing") {
  world w;
  auto c = w.make_client();
  REQUIRE(w.get(c).has_value());
  auto stranger = w.make_client(untrusting(w));
  auto const r = w.get(stranger);
  REQUIRE_FALSE(r.has_value());
  CHECK(r.error().kind() == hvc::error_kind::tls_verify);
}

TEST_CASE("a certificate file that cannot be used is refused when the client is made") {
  world w;
  auto o = untrusting(w);
  o.tls().ca_file("/nonexistent/ca.pem");
  try {
    static_cast<void>(w.make_client(o));
    CHECK(false);
  } catch (std::invalid_argument const& e) {
    CHECK(std::string_view(e.what()).starts_with("tls"));
  }
}
