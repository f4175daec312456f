#include <hvc/standard_error.hpp>

#include "catch.hpp"

using namespace hvc;

TEST_CASE("the four shapes of data are read, with and without @class") {
  error_data const places(
      R"({"@class":"com.vmware.vapi.std.errors.argument_locations","primary":"a","secondary":["b","c"]})");
  CHECK(places.argument_locations() == locations{"a", {"b", "c"}});
  CHECK(places.file_locations() == locations{"a", {"b", "c"}});
  CHECK(error_data(R"({"is_transient":true})").is_transient() == true);
  CHECK(error_data(R"({"@class":7,"is_transient":false})").is_transient() == false);
  CHECK(error_data(R"({"type":"com.vmware.vcenter.hvc.Links","id":"x"})").id() ==
        dynamic_id{"com.vmware.vcenter.hvc.Links", "x"});
}

TEST_CASE("a reader answers nothing where the shape is another") {
  for (std::string_view text : {"", "{}", "null", "[]", R"({"primary":"a"})", R"({"primary":7,"secondary":[]})",
                                R"({"primary":"a","secondary":[7]})", R"({"is_transient":"true"})",
                                R"({"is_transient":null})", R"({"id":"x"})", R"({"type":"t","id":null})", "{\"id\":"}) {
    error_data const data{std::string(text)};
    INFO(text);
    CHECK_FALSE(data.argument_locations());
    CHECK_FALSE(data.file_locations());
    CHECK_FALSE(data.is_transient());
    CHECK_FALSE(data.id());
  }
}
