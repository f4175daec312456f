#include "tls/context.hpp"

#include "peer.hpp"

#include "catch.hpp"

#include <cstdio>
#include <fstream>
#include <unistd.h>

using namespace hvc::tls::test;
using hvc::error_kind;
using hvc::tls_options;
using hvc::pki::self_signed;
using hvc::tls::context;
using hvc::tls::io;

namespace {

// A file that goes with its name.
class file {
public:
  explicit file(std::string const& text) : path_("hvc-tls-test-" + std::to_string(getpid()) + ".pem") {
    std::ofstream(path_) << text;
  }
  file(file const&) = delete;
  file& operator=(file const&) = delete;
  ~file() { std::remove(path_.c_str()); }
  [[nodiscard]] std::string const& path() const noexcept { return path_; }

private:
  std::string path_;
};

std::string refusal(tls_options const& o, std::string_view to = host) {
  auto const made = context::make(o, to);
  REQUIRE_FALSE(made.has_value());
  CHECK(made.error().kind() == error_kind::invalid_argument);
  CHECK(made.error().message().find(made.error().reason()) != std::string::npos);
  return std::string(made.error().reason());
}

hvc::pki::identity client_identity() {
  static auto const made = root().intermediate({}).issue({.extended_key_usage = "clientAuth"});
  return made;
}

tls_options showing(std::string const& certificate, std::string const& key) {
  return tls_options().ca_pem(root().certificate_pem()).client_certificate_pem(certificate).client_key_pem(key);
}

std::string sni(std::shared_ptr<context> c, hvc::pki::identity const& shown) {
  static std::string seen;
  seen = "not asked";
  auto const note = [](SSL* s, int*, void*) {
    auto const* const name = SSL_get_servername(s, TLSEXT_NAMETYPE_host_name);
    seen = name ? name : "none";
    return SSL_TLSEXT_ERR_OK;
  };
  server const s(shown, [&](SSL_CTX* x) { SSL_CTX_set_tlsext_servername_callback(x, +note); });
  CHECK(accepted(std::move(c), s));
  return seen;
}

bool resumes(std::shared_ptr<context> const& c, server const& s) {
  conversation l(c, s);
  REQUIRE(l.handshake() == io::done);
  l.read(); // TLS 1.3 sends its tickets after the handshake
  return l.client.resumed();
}

} // namespace

TEST_CASE("an option that cannot be used is refused by name") {
  auto const& leaf = good();
  CHECK(refusal(tls_options().ca_file("/nowhere.pem")) == "ca_file");
  CHECK(refusal(tls_options().ca_pem("no certificate")) == "ca_pem");
  CHECK(refusal(tls_options().crl_file("/nowhere.pem")) == "crl_file");
  CHECK(refusal(tls_options().client_certificate_file("/nowhere.pem").client_key_pem(leaf.key_pem())) ==
        "client_certificate_file");
  CHECK(refusal(showing(leaf.certificate_pem(), "")) == "client_key_pem");
  CHECK(refusal(showing("", leaf.key_pem())) == "client_certificate_pem");
  CHECK(refusal(showing(leaf.certificate_pem(), leaf.certificate_pem())) == "client_key_pem");
  CHECK(refusal(showing(leaf.certificate_pem(), root().key_pem())) == "client_key_pem");
  CHECK(refusal(tls_options(), "") == "server");
  CHECK(refusal(tls_options(), std::string(254, 'a')) == "server");
}

TEST_CASE("authorities come from a file, from memory, or from both") {
  hvc::pki::authority const other({.common_name = "other"});
  file const f(root().certificate_pem());
  auto const both = with(tls_options().ca_file(f.path()).ca_pem(other.certificate_pem()));
  CHECK(accepted(with(tls_options().ca_file(f.path())), server(good())));
  CHECK(accepted(both, server(good())));
  CHECK(accepted(both, server(other.issue({.dns_names = {host}}))));
}

TEST_CASE("T20 a revoked certificate is refused where a list says so, and one without a list is not known to be good") {
  auto const revoked = root().issue({.dns_names = {host}});
  file const f(root().revocation_list_pem({revoked}));
  auto const c = with(tls_options().ca_pem(root().certificate_pem()).crl_file(f.path()));
  CHECK(refused(c, server(revoked)).reason == "revoked");
  CHECK(accepted(c, server(good())));
  CHECK(accepted(trusting(root()), server(revoked)));
  CHECK(refused(c, server(root().intermediate({}).issue({.dns_names = {host}}))).reason == "revocation_unknown");
}

TEST_CASE("T22 a certificate the server demands is shown, with its chain") {
  auto const shown = client_identity();
  for (auto const version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    server s(good());
    s.only(version).demand_certificate();
    conversation l(with(showing(shown.chain_pem(), shown.key_pem())), s);
    REQUIRE(l.handshake() == io::done);
    l.server_writes("in");
    CHECK(l.read() == "in");
  }
}

TEST_CASE("T22 without the certificate the server demands, the error says so, in TLS 1.3 with the first read") {
  for (auto const version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    server s(good());
    auto const f = refused(trusting(root()), s.only(version).demand_certificate());
    CHECK(f.kind == error_kind::tls_handshake);
    CHECK(f.reason == "client_cert_required");
    CHECK(f.stage == hvc::stage::handshake);
  }
}

TEST_CASE("T22 a certificate the server does not accept is told apart from none") {
  auto const stranger = self_signed({.extended_key_usage = "clientAuth"});
  for (auto const version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    server s(good());
    auto const f =
        refused(with(showing(stranger.certificate_pem(), stranger.key_pem())), s.only(version).demand_certificate());
    CHECK(f.reason == "client_cert_refused");
  }
}

TEST_CASE("T23 names are sent as SNI, without a final dot, addresses never") {
  CHECK(sni(trusting(root(), "VC.example.test."), good()) == host);
  CHECK(sni(trusting(root(), "127.0.0.1"), root().issue({.ip_addresses = {"127.0.0.1"}})) == "none");
  CHECK(sni(trusting(root(), "::1"), root().issue({.ip_addresses = {"::1"}})) == "none");
}

TEST_CASE("T31 a second connection resumes the session of the first") {
  for (auto const version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    CAPTURE(version);
    server s(good());
    s.only(version);
    auto const c = trusting(root());
    CHECK_FALSE(resumes(c, s));
    CHECK(resumes(c, s));
    CHECK(resumes(c, s));
  }
}

TEST_CASE("T31 two connections at once each resume a session") {
  for (auto const version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    server s(good());
    s.only(version);
    auto const c = trusting(root());
    resumes(c, s);
    conversation first(c, s);
    conversation second(c, s);
    CHECK(first.handshake() == io::done);
    CHECK(second.handshake() == io::done);
    CHECK(first.client.resumed());
    CHECK(second.client.resumed());
  }
}

TEST_CASE("T31 a ticket of TLS 1.3 is used once") {
  server s(good(), [](SSL_CTX* c) { SSL_CTX_set_num_tickets(c, 1); });
  auto const c = trusting(root());
  resumes(c, s);
  conversation first(c, s);
  conversation second(c, s);
  REQUIRE(first.handshake() == io::done);
  REQUIRE(second.handshake() == io::done);
  CHECK(first.client.resumed() != second.client.resumed());
}

TEST_CASE("T31 a ticket a restarted server does not know costs a full handshake and no failure") {
  for (auto const version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    server before(good());
    server after(good());
    before.only(version);
    after.only(version);
    auto const c = trusting(root());
    CHECK_FALSE(resumes(c, before));
    CHECK_FALSE(resumes(c, after));
    CHECK(resumes(c, after));
  }
}

TEST_CASE("T31 no session is resumed under other trust or for another host") {
  server const s(root().issue({.dns_names = {host, "other.test"}}));
  auto const first = trusting(root());
  resumes(first, s);
  CHECK_FALSE(resumes(trusting(root()), s));
  CHECK_FALSE(resumes(trusting(root(), "other.test"), s));
  CHECK(refused(trusting(hvc::pki::authority({.common_name = "new"})), s).kind == error_kind::tls_verify);
}

TEST_CASE("T31 a handshake that fails takes the remembered sessions with it") {
  server s(good());
  auto const c = trusting(root());
  resumes(c, s);
  server const old(good(), [](SSL_CTX* x) { SSL_CTX_set_max_proto_version(x, TLS1_1_VERSION); });
  CHECK(refused(c, old).reason == "version");
  CHECK_FALSE(resumes(c, s));
}

TEST_CASE("T34 the verdict is given anew for each connection that does not resume") {
  auto const c = trusting(root());
  CHECK(accepted(c, server(good())));
  CHECK(refused(c, server(self_signed({.dns_names = {host}}))).reason == "self_signed");
  CHECK(accepted(c, server(good())));
}
