#include <hvc/codec.hpp>

#include "catch.hpp"

using namespace hvc;

TEST_CASE("links are decoded in their order") {
  auto const links = decode_links(R"([{"link":"a","display_name":"A"},{"display_name":"B","x":1,"link":"b"}])");
  REQUIRE(links.has_value());
  CHECK(*links == std::vector<link_summary>{{"a", "A"}, {"b", "B"}});
  CHECK(decode_links("[]")->empty());
  CHECK(encode(*links) == R"([{"link":"a","display_name":"A"},{"link":"b","display_name":"B"}])");
}

TEST_CASE("J11 a link without a member is refused, naming the element") {
  auto const e = decode_links(R"([{"link":"a","display_name":"A"},{"link":"b"}])").error();
  CHECK(e.reason() == "missing");
  CHECK(e.message().find("[1].display_name: ") != std::string::npos);
  CHECK(decode_links("{}").error().reason() == "type");
  CHECK(decode_links("[1]").error().message().find("[0]: expected an object, found a number") != std::string::npos);
}
