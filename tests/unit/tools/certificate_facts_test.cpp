#include "tools/sync/certificate_facts.hpp"

#include "catch.hpp"
#include "holds.hpp"

#include <boost/json/parse.hpp>

using namespace hvc;
using namespace hvc::tools;
using hvc::test::holds;
using namespace std::chrono_literals;

namespace {

date_time const midnight{std::chrono::sys_days(std::chrono::year(2026) / 3 / 14)};

certificate_facts server_certificate() {
  return {"CN=vc", "CN=CA", "vc.test, 10.0.0.1", midnight - 24h, midnight + 240h, "AB:CD"};
}

} // namespace

TEST_CASE("an expiry is told as seen from today") {
  auto const c = server_certificate();
  CHECK(expiry_text(c, midnight) == "expires in 10 d");
  CHECK(expiry_text(c, midnight + 290h) == "expired 2 d ago");
  CHECK(expiry_text(c, midnight - 48h) == "not valid before 2026-03-13 00:00:00 UTC");
}

TEST_CASE("a chain that is not trusted is shown with the flag that would trust it") {
  auto const text =
      chain_text("https://vc.test", "TLSv1.3", {server_certificate(), {"CN=CA", "CN=CA", "", midnight, midnight, "EF"}},
                 {false, "no_issuer", "words", "with\n--pin-sha256=AB:CD or --ca-file"}, midnight, {});
  CHECK(holds(text, "Trusted   no: no issuer\n"));
  CHECK(holds(text, "Certificate 1 of 2, the server's own\n"));
  CHECK(holds(text, "Names    vc.test, 10.0.0.1\n"));
  CHECK(holds(text, "\n\nwith\n--pin-sha256=AB:CD or --ca-file\n"));
  CHECK(!holds(text, "words"));
  auto const trusted =
      chain_text("https://vc.test", "TLSv1.3", {server_certificate()}, {.trusted = true}, midnight, {});
  CHECK(holds(trusted, "Trusted   yes\n"));
  CHECK(!holds(trusted, "--pin-sha256"));
}

TEST_CASE("a chain is an object for a program") {
  auto const o =
      boost::json::parse(chain_json("https://vc.test", "TLSv1.3", {server_certificate()}, {false, "expired", "x", {}}));
  CHECK(o.at("trusted") == false);
  CHECK(o.at("why_not") == "x");
  CHECK(o.at("chain").at(0).at("sha256") == "AB:CD");
  CHECK(o.at("chain").at(0).at("not_after") == "2026-03-24T00:00:00.000Z");
  CHECK(!boost::json::parse(chain_json("s", "p", {server_certificate()}, {.trusted = true}))
             .as_object()
             .contains("why_not"));
}
