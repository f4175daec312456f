// Which certificates a context accepts, and what it says of those it does not.
#include "peer.hpp"

#include "catch.hpp"
#include "error_builder.hpp"

#include <openssl/err.h>

using namespace hvc::tls::test;
using hvc::error_kind;
using hvc::tls_options;
using hvc::pki::authority;
using hvc::pki::certificate_options;
using hvc::pki::key_type;
using hvc::pki::self_signed;
using namespace std::chrono_literals;

namespace {

// The reason of the tls_verify failure a certificate ends in.
std::string reason(hvc::pki::identity const& shown, std::string_view to = host) {
  auto const f = refused(shown, to);
  CAPTURE(f.text);
  CHECK(f.kind == error_kind::tls_verify);
  CHECK(f.stage == hvc::stage::handshake);
  CHECK(f.certificate_sha256 == shown.sha256());
  return std::string(f.reason);
}

std::string reason(certificate_options const& o) { return reason(root().issue(o)); }

bool contains(std::string_view text, std::string_view part) { return text.find(part) != text.npos; }

certificate_options named(std::string name) { return {.dns_names = {std::move(name)}}; }

std::vector<std::string> many_names(int n) {
  std::vector<std::string> names{host};
  for (int i = 1; i < n; ++i)
    names.push_back("host-" + std::to_string(i) + ".example.test");
  return names;
}

} // namespace

TEST_CASE("a good certificate is accepted, from a root, through an intermediate, and for every kind of key") {
  CHECK(accepted(good()));
  CHECK(accepted(root().intermediate({}).issue(named(host))));
  for (auto const key : {key_type::ec_p384, key_type::ed25519, key_type::rsa})
    CHECK(accepted(root().issue({.dns_names = {host}, .key = key})));
}

TEST_CASE("T1 an expired certificate is refused, and the error tells names, validity, issuer and digest") {
  auto const shown = root().issue({.dns_names = {host, "other.test"}, .valid_from = -48h, .valid_until = -24h});
  CHECK(reason(shown) == "expired");
  auto const text = refused(shown).text;
  CAPTURE(text);
  CHECK(contains(text, "vc.example.test shows a certificate for"));
  CHECK(contains(text, "a certificate for vc.example.test, other.test, valid 20"));
  CHECK(contains(text, "issued by CN=hvc test authority, SHA-256 "));
}

TEST_CASE("T2 a certificate that is not valid yet is refused") {
  CHECK(reason({.dns_names = {host}, .valid_from = 24h, .valid_until = 48h}) == "not_yet_valid");
}

TEST_CASE("T3 a certificate for another name is refused, and the error tells both") {
  auto const shown = root().issue({.dns_names = {"wrong.test"}, .ip_addresses = {"10.0.0.1", "::1"}});
  CHECK(reason(shown) == "host_mismatch");
  auto const text = refused(shown).text;
  CHECK(contains(text, "vc.example.test shows a certificate for"));
  CHECK(contains(text, "wrong.test, 10.0.0.1, ::1"));
}

TEST_CASE("T4 a certificate that signs itself is refused") { CHECK(reason(self_signed(named(host))) == "self_signed"); }

TEST_CASE("T5 a chain to another root is refused") {
  authority const other({.common_name = "other"});
  auto const shown = other.issue(named(host));
  auto const send_root = [&](SSL_CTX* c) { SSL_CTX_add1_chain_cert(c, other.self().certificate()); };
  auto const f = refused(trusting(root()), server(shown, send_root));
  CHECK(f.reason == "untrusted_root");
  CHECK(contains(f.text, "at fault: CN=other"));
  CHECK(reason(other.intermediate({}).issue(named(host))) == "untrusted_root");
}

TEST_CASE("T5 long names are cut in their middle, so that a refusal is told to its end") {
  std::string const long_name = "An authority with " + std::string(30, 'x') + " in its name";
  authority const other({.common_name = long_name});
  auto const send_root = [&](SSL_CTX* c) { SSL_CTX_add1_chain_cert(c, other.self().certificate()); };
  auto shown = certificate_options{.dns_names = {host}};
  for (int i = 0; i < 20; ++i)
    shown.dns_names.push_back(std::string(60, 'n') + std::to_string(i) + ".example.test");
  auto const f = refused(trusting(root()), server(other.issue(shown), send_root));
  auto const message = hvc::error_builder(f).attempts(1).build().message();
  CAPTURE(message);
  CHECK(contains(message, "and 16 more, valid 20"));
  CHECK(contains(message, "at fault: CN=An authority with xxx"));
  CHECK(contains(message, "...xx in its name, valid 20"));
  CHECK(message.ends_with("...xx in its name (handshake, attempt 1)"));
}

TEST_CASE("T6 a certificate without its intermediate is refused") {
  auto const whole = root().intermediate({}).issue(named(host));
  CHECK(reason(hvc::pki::identity::from_pem(whole.certificate_pem(), whole.key_pem())) == "no_issuer");
}

TEST_CASE("T7 a reversed, doubled chain with strangers in it is put in order") {
  auto const middle = root().intermediate({.common_name = "middle"});
  auto const shown = middle.intermediate({.common_name = "low"}).issue(named(host));
  auto const& sent = shown.intermediates();
  auto const backwards = shown.certificate_pem() +
                         hvc::pki::identity::from_pem(shown.chain_pem(), shown.key_pem()).certificate_pem() +
                         root().certificate_pem() + middle.certificate_pem() + good().certificate_pem() +
                         middle.intermediate({.common_name = "stranger"}).certificate_pem();
  auto const add_low = [&](SSL_CTX* c) { SSL_CTX_add1_chain_cert(c, sent.front().get()); };
  CHECK(accepted(trusting(root()), server(hvc::pki::identity::from_pem(backwards, shown.key_pem()), add_low)));
}

TEST_CASE("T8 a name in the common name alone does not count") {
  CHECK(reason({.common_name = host}) == "host_mismatch");
  CHECK(contains(refused(root().issue({.common_name = host})).text, "a certificate for no name"));
}

TEST_CASE("T9 a wildcard stands for one whole label in front of two or more, and for nothing else") {
  CHECK(accepted(root().issue(named("*.example.test"))));
  CHECK(accepted(root().issue(named("*.EXAMPLE.test"))));
  for (auto const* const name : {"*", "*.test", "*.*.test", "v*.example.test", "*c.example.test", "v*c.example.test",
                                 "vc.*.test", "*.vc.example.test", "**.example.test", "*example.test", "*.", "*.."}) {
    CAPTURE(name);
    CHECK(reason(named(name)) == "host_mismatch");
  }
  auto const two = root().issue(named("*.test"));
  CHECK(reason(two, "a.test") == "host_mismatch");
  CHECK(reason(root().issue(named("*.example.test")), "a.b.example.test") == "host_mismatch");
  CHECK(reason(root().issue(named("*.example.test")), "example.test") == "host_mismatch");
}

TEST_CASE("T10 an address is looked for among the addresses only") {
  CHECK(accepted(root().issue({.ip_addresses = {"10.0.0.1"}}), "10.0.0.1"));
  CHECK(accepted(root().issue({.ip_addresses = {"fe80::1"}}), "fe80::1%eth0"));
  CHECK(reason(root().issue({.ip_addresses = {"10.0.0.2"}}), "10.0.0.1") == "host_mismatch");
  CHECK(reason(root().issue({.common_name = "10.0.0.1", .dns_names = {"10.0.0.1"}}), "10.0.0.1") == "host_mismatch");
}

TEST_CASE("T11 a NUL does not end a name") {
  using namespace std::string_literals;
  auto const shown = root().issue({.common_name = host, .dns_names = {host + "\0.evil.test"s}});
  CHECK(reason(shown) == "host_mismatch");
  CHECK(contains(refused(shown).text, "vc.example.test?.evil.test"));
  CHECK(reason(named("\0"s + host)) == "host_mismatch");
}

TEST_CASE("T12 upper case, a final dot and an A-label match as RFC 9525 says") {
  CHECK(accepted(root().issue(named("VC.example.TEST")), "vc.EXAMPLE.test."));
  CHECK(accepted(root().issue(named("xn--bcher-kva.example.test")), "XN--bcher-kva.example.test"));
}

TEST_CASE("T16 weak keys and signatures are refused") {
  authority const rsa({.key = key_type::rsa});
  auto const weak = [&](certificate_options const& o) {
    server s(rsa.issue(o));
    return std::string(refused(trusting(rsa), s.only(TLS1_2_VERSION)).reason);
  };
  CHECK(weak({.dns_names = {host}, .key = key_type::rsa, .rsa_bits = 512}) == "weak");
  CHECK(weak({.dns_names = {host}, .key = key_type::rsa, .rsa_bits = 1024}) == "weak");
  CHECK(weak({.dns_names = {host}, .digest = "SHA1"}) == "weak");
  CHECK(weak({.dns_names = {host}, .digest = "MD5"}) == "weak");
}

TEST_CASE("T16 a root that is weak is refused as well") {
  authority const rsa({.key = key_type::rsa, .rsa_bits = 1024});
  CHECK(refused(trusting(rsa), server(rsa.issue(named(host)))).reason == "weak");
}

TEST_CASE("T17 a certificate is for servers, or for anything, but not for clients or of version 1") {
  CHECK(reason({.dns_names = {host}, .extended_key_usage = "clientAuth"}) == "purpose");
  CHECK(accepted(root().issue({.dns_names = {host}, .extended_key_usage = "clientAuth,serverAuth"})));
  CHECK(accepted(root().issue({.dns_names = {host}, .extended_key_usage = ""})));
  CHECK(accepted(root().issue({.dns_names = {host}, .certificate_authority = true})));
  CHECK(reason({.common_name = host, .version_1 = true}) == "host_mismatch");
}

TEST_CASE("T18 path lengths and name constraints of RFC 5280 are kept") {
  auto const last = root().intermediate({.path_length = 0});
  CHECK(accepted(last.issue(named(host))));
  CHECK(reason(last.intermediate({.common_name = "one too many"}).issue(named(host))) == "not_accepted");
  auto const inside = root().intermediate({.extensions = {{"nameConstraints", "critical,permitted;DNS:example.test"}}});
  CHECK(accepted(inside.issue(named(host))));
  auto const outside = root().intermediate({.extensions = {{"nameConstraints", "critical,excluded;DNS:example.test"}}});
  CHECK(reason(outside.issue(named(host))) == "not_accepted");
  auto const no_authority = hvc::pki::authority::from_pem(good().certificate_pem(), good().key_pem());
  auto const send_false_issuer = [](SSL_CTX* c) { SSL_CTX_add1_chain_cert(c, good().certificate()); };
  CHECK(refused(trusting(root()), server(no_authority.issue(named(host)), send_false_issuer)).kind ==
        error_kind::tls_verify);
}

TEST_CASE("T19 a thousand names are fine, ten thousand are over the limit") {
  CHECK(accepted(root().issue({.dns_names = many_names(1000)})));
  auto const f = refused(root().issue({.dns_names = many_names(10'000)}));
  CHECK(f.kind == error_kind::limit);
  CHECK(f.reason == "certificates");
}

TEST_CASE("T19 a chain of ten megabytes is over the limit, and is not read") {
  auto const leaf = good();
  auto const large = root().issue({.dns_names = many_names(10'000)}).certificate_pem();
  auto chain = leaf.certificate_pem();
  while (chain.size() < 14 * 1024 * 1024) // of PEM, which is a third longer
    chain += large;
  auto const f = refused(hvc::pki::identity::from_pem(chain, leaf.key_pem()));
  CHECK(f.kind == error_kind::limit);
  CHECK(f.reason == "certificates");
}

TEST_CASE("T21 a certificate that promises a stapled answer is accepted without one") {
  auto o = named(host);
  o.extensions.emplace_back("tlsfeature", "status_request");
  CHECK(accepted(root().issue(o)));
}

TEST_CASE("T3 of a thousand names the error tells a few") {
  auto names = many_names(1000);
  names.erase(names.begin());
  names.front() = std::string(200, 'a') + "\n.test";
  auto const text = refused(root().issue({.dns_names = names})).text;
  CHECK(contains(text, "and 994 more"));
  CHECK(text.size() < 600);
  CHECK_FALSE(contains(text, "\n"));
}

TEST_CASE("a pin stands for the certificate, whoever issued it, whatever its name and age; and nothing but it") {
  auto const shown = self_signed({.valid_from = -48h, .valid_until = -24h});
  CHECK(accepted(with(tls_options().pin_sha256(good().sha256()).pin_sha256(shown.sha256())), server(shown)));
  auto const f =
      refused(with(tls_options().ca_pem(root().certificate_pem()).pin_sha256(shown.sha256())), server(good()));
  CHECK(f.kind == error_kind::tls_verify);
  CHECK(f.reason == "pin_mismatch");
  CHECK(f.certificate_sha256 == good().sha256());
  CHECK(refused(with(tls_options().insecure_no_verification().pin_sha256(shown.sha256())), server(good())).reason ==
        "pin_mismatch");
}

TEST_CASE("T16 a pin on a weak key is refused") {
  auto const shown = self_signed({.key = key_type::rsa, .rsa_bits = 1024});
  CHECK(refused(with(tls_options().pin_sha256(shown.sha256())), server(shown)).reason == "weak");
}

TEST_CASE("without verification any certificate will do") {
  CHECK(accepted(with(tls_options().insecure_no_verification()), server(self_signed({.valid_until = -1h}))));
}

TEST_CASE("the system's authorities do not include ours") {
  CHECK(refused(with(tls_options()), server(good())).reason == "no_issuer");
}

TEST_CASE("an intermediate, or the server's own certificate, may be what is trusted") {
  auto const middle = root().intermediate({});
  CHECK(accepted(trusting(middle), server(middle.issue(named(host)))));
  CHECK(accepted(with(tls_options().ca_pem(good().certificate_pem())), server(good())));
  CHECK(refused(with(tls_options().ca_pem(good().certificate_pem())), server(root().issue(named(host)))).kind ==
        error_kind::tls_verify);
}

TEST_CASE("strict verification refuses what RFC 5280 forbids and practice allows") {
  server const s(root().issue({.common_name = "", .dns_names = {host}})); // its names had to be critical
  CHECK(accepted(trusting(root()), s));
  CHECK(refused(with(tls_options().ca_pem(root().certificate_pem()).strict_x509(true)), s).reason == "not_accepted");
}
