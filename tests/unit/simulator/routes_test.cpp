#include "catch.hpp"
#include "simulator/routes.hpp"

using namespace hvc::simulation;

TEST_CASE("each operation has its method, path and query") {
  auto const what = [](std::string_view method, std::string_view target) { return route_of(method, target).what; };
  CHECK(what("POST", "/api/session") == operation::log_in);
  CHECK(what("GET", "/api/session") == operation::show_session);
  CHECK(what("DELETE", "/api/session") == operation::log_out);
  CHECK(what("GET", "/api/hvc/links") == operation::list_links);
  CHECK(what("GET", "/api/hvc/links/a") == operation::show_link_health);
  CHECK(what("POST", "/api/hvc/links/a/sync?action=reset") == operation::reset_link);
  CHECK(what("GET", "/api/hvc/links/a/sync/providers") == operation::list_providers);
  CHECK(what("GET", "/api/hvc/links/a/sync/providers/b") == operation::show_provider_sync);
  CHECK(what("POST", "/api/hvc/links/a/sync/providers/b?action=start") == operation::start_provider_sync);
}

TEST_CASE("anything else is unknown") {
  for (auto const* target :
       {"", "/", "*", "/api", "/api/hvc", "/api/hvc/links/", "/api/hvc/links//sync/providers", "//api/hvc/links",
        "/api/hvc/links/a/b", "/api/hvc/links/a/sync", "/api/hvc/links/a/sync/providers/", "/api/hvc/links?x=y",
        "/api/hvc/links/a/sync/providers/b/c", "/api/hvc/links/a/sync/providers/%", "/api/hvc/links/a b",
        "/api/hvc/links/a/sync/providers//b", "/API/hvc/links", "/rest/com/vmware/cis/session"}) {
    CAPTURE(target);
    CHECK(route_of("GET", target).what == operation::unknown);
  }
  CHECK(route_of("PUT", "/api/session").what == operation::unknown);
  CHECK(route_of("get", "/api/session").what == operation::unknown);
}

TEST_CASE("ids are decoded, one segment each") {
  auto const r = route_of("GET", "/api/hvc/links/a%2Fb/sync/providers/%C3%a9%00x");
  CHECK(r.what == operation::show_provider_sync);
  CHECK(r.link == "a/b");
  CHECK(r.provider == std::string("\xC3\xA9\0x", 4));
}

TEST_CASE("the hvc tree is told from its neighbours") {
  CHECK(is_hvc("/api/hvc"));
  CHECK(is_hvc("/api/hvc/links"));
  CHECK_FALSE(is_hvc("/api/hvcx"));
  CHECK_FALSE(is_hvc("/api/session"));
}
