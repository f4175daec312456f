// hvc-sync start and reset: what changes something at the server.
#include "sync_bench.hpp"

#include <hvc/codec.hpp>

using namespace hvc::test;

TEST_CASE("hvc-sync start starts a sync, which get then shows") {
  bench b;
  b.server.set_provider("link-1", "provider-1",
                        *hvc::decode_sync_info(R"({"status":"NO_SYNC_FOUND","polling_interval_in_seconds":7})"));
  CHECK(!hvc::decode_sync_info(b.get_json().out)->current_session_info);
  auto const r = b.run({"start", "link-1", "provider-1"});
  CHECK(r.code == 0);
  CHECK(r.out == "The synchronisation of provider-1 has been started.\n");
  CHECK(r.err.empty());
  CHECK(hvc::decode_sync_info(b.get_json().out)->current_session_info);
}

TEST_CASE("hvc-sync reset resets a link") {
  bench b;
  std::string asked;
  b.server.on_request([&asked](hvc::simulated_request const& r) {
    asked = r.method + " " + r.target;
    return std::nullopt;
  });
  auto const r = b.run({"reset", "link-1"});
  CHECK(r.code == 0);
  CHECK(r.out == "The synchronisation of link-1 has been reset.\n");
  CHECK(asked == "POST /api/hvc/links/link-1/sync?action=reset");
}

TEST_CASE("hvc-sync start and reset answer a program with an empty object, and with get's errors") {
  bench b;
  CHECK(b.run({"start", "link-1", "provider-1", "-o", "json"}).out == "{}\n");
  CHECK(b.run({"reset", "link-1", "-o", "json"}).out == "{}\n");
  auto const unknown = b.run({"start", "link-1", "nobody", "-o", "json"});
  CHECK(unknown.code == 1);
  CHECK(error_in(unknown).at("error_type") == "NOT_FOUND");
  CHECK(b.run({"reset", "link-1", "provider-1"}).code == 2);
}

TEST_CASE("hvc-sync start answered by a portal's page has started nothing that anybody knows of") {
  bench b;
  b.server.fault_next("html");
  auto const json = b.run({"start", "link-1", "provider-1", "-o", "json"});
  CHECK(json.code == 3);
  CHECK(error_in(json).at("kind") == "content");
  b.server.fault_next("html");
  auto const text = b.run({"reset", "link-1"});
  CHECK(text.code == 3);
  CHECK(holds(text.err, "may have done"));
}

TEST_CASE("hvc-sync start whose reply is lost asks no second time, and says what that means") {
  bench b;
  b.server.fault_next("reset", 2);
  auto const json = b.run({"start", "link-1", "provider-1", "-o", "json"});
  CHECK(json.code == 3);
  CHECK(error_in(json).at("retryable") == false);
  CHECK(b.server.requests() == 1);
  auto const text = b.run({"start", "link-1", "provider-1"});
  CHECK(text.code == 3);
  CHECK(holds(text.err, "may have done"));
  CHECK(holds(text.err, "hint: look with hvc-sync get"));
  CHECK(b.server.requests() == 2);
}
