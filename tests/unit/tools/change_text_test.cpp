#include "tools/sync/change_text.hpp"

#include <hvc/codec.hpp>

#include "catch.hpp"
#include "holds.hpp"
#include "samples.hpp"

using namespace hvc;
using namespace hvc::tools;
using namespace hvc::tools::test;
using hvc::test::holds;

namespace {

sync_info info(std::string const& status, std::string const& more = {}) {
  return *decode_sync_info(R"({"status":")" + status + R"(","polling_interval_in_seconds":300)" + more + "}");
}

constexpr auto with_last_sync = R"(,"last_sync_time":"2026-03-14T09:24:53.000Z")";

std::string session(std::string const& stage, std::string const& more = {}) {
  return R"(,"current_session_info":{"stage":")" + stage +
         R"(","total_work":1024,"completed_work":460,"start_time":"2026-03-14T09:24:50.000Z")" + more + "}";
}

} // namespace

TEST_CASE("a change is a line with the time, the status, the last sync, and what is under way or went wrong") {
  CHECK(change_line(info("SUCCEEDED", with_last_sync), now, {}) ==
        "2026-03-14 09:26:53 UTC  SUCCEEDED      synced 2 min ago\n");
  CHECK(change_line(info("NO_SYNC_FOUND"), now, {}) == "2026-03-14 09:26:53 UTC  NO_SYNC_FOUND  no sync found\n");
  CHECK(change_line(info("SUCCEEDED", with_last_sync + session("CHANGE_APPLICATION")), now, {}) ==
        "2026-03-14 09:26:53 UTC  SUCCEEDED      under way, began 2 min ago; now CHANGE_APPLICATION, 460 of 1024 (44 "
        "%)\n");
  CHECK(change_line(info("NO_SYNC_FOUND", session("WAITING")), now, {}) ==
        "2026-03-14 09:26:53 UTC  NO_SYNC_FOUND  under way; now WAITING, 460 of 1024 (44 %)\n");
  CHECK(change_line(info("SUCCEEDED", with_last_sync + session("COMPLETED")), now, {}) ==
        "2026-03-14 09:26:53 UTC  SUCCEEDED      synced 2 min ago\n");
  auto const failed =
      info("FAILED", with_last_sync +
                         session("FAILED", R"(,"exception":{"id":"x","default_message":"gone\u001b[2J","args":[]})"));
  CHECK(change_line(failed, now, {}) == "2026-03-14 09:26:53 UTC  FAILED         synced 2 min ago; gone?[2J [x]\n");
  auto const two_lines = info(
      "FAILED", with_last_sync + session("FAILED", R"(,"exception":{"id":"x","default_message":"a\nb","args":[]})"));
  CHECK(change_line(two_lines, now, {}) == "2026-03-14 09:26:53 UTC  FAILED         synced 2 min ago; a b [x]\n");
  CHECK(holds(change_line(error(error_kind::deadline), now, {}), "UTC  ERROR          deadline"));
  canvas narrow;
  narrow.width = 80;
  CHECK(change_line(info("SUCCEEDED", with_last_sync + session("CHANGE_APPLICATION")), now, narrow) ==
        "2026-03-14 09:26:53 UTC  SUCCEEDED      under way, began 2 min ago; now\n" + std::string(40, ' ') +
            "CHANGE_APPLICATION, 460 of 1024 (44 %)\n");
  CHECK(holds(change_line(failed, now, {true, 0}), "\x1b[31mFAILED\x1b[0m  "));
}

TEST_CASE("a change for a program is the time, and the Info or the error") {
  auto const well = info("SUCCEEDED", with_last_sync);
  CHECK(change_json(well, now) == R"({"time":"2026-03-14T09:26:53.000Z","info":)" + encode(well) + "}");
  CHECK(change_json(with_standard(error_kind::standard, {}, not_found(), 404), now)
            .find(R"({"time":"2026-03-14T09:26:53.000Z","error":{"kind":"standard",)") == 0);
}

TEST_CASE("a stage is told with its work where there is any, and by a share only where that says something") {
  session_info s;
  s.stage = sync_stage::waiting;
  CHECK(stage_text(s) == "WAITING");
  s.completed_work = 3;
  s.total_work = 4;
  CHECK(stage_text(s) == "WAITING, 3 of 4 (75 %)");
}
