#include <hvc/codec.hpp>

#include "catch.hpp"

using namespace hvc;

TEST_CASE("providers are decoded in their order") {
  auto const providers = decode_providers(R"([{"provider":"a"},{"provider":"b"}])");
  REQUIRE(providers.has_value());
  CHECK(*providers == std::vector<provider_summary>{{"a"}, {"b"}});
  CHECK(encode(*providers) == R"([{"provider":"a"},{"provider":"b"}])");
}

TEST_CASE("J11 a provider without its name is refused, naming the element") {
  auto const e = decode_providers(R"([{"provider":"a"},{}])").error();
  CHECK(e.reason() == "missing");
  CHECK(e.message().find("[1].provider: ") != std::string::npos);
  CHECK(decode_providers(R"([{"provider":null}])").error().reason() == "type");
}
