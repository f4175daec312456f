#include "tools/sync/rows.hpp"

#include <hvc/codec.hpp>

#include "catch.hpp"
#include "holds.hpp"
#include "samples.hpp"

using namespace hvc;
using namespace hvc::tools;
using namespace hvc::tools::test;
using hvc::test::holds;
using namespace std::chrono_literals;

namespace {

constexpr auto failed_json =
    R"({"status":"FAILED","status_message":{"id":"com.x","default_message":"It \"failed\",\nbadly\u001b[31m.","args":[]},)"
    R"("last_sync_time":"2026-03-14T09:24:53.000Z","polling_interval_in_seconds":300,)"
    R"("current_session_info":{"stage":"FAILED","total_work":9,"completed_work":4,)"
    R"("start_time":"2026-03-14T09:24:50.000Z","exception":{"id":"","default_message":"gone","args":[]}}})";

swept failed_with_quotes() { return {question("l,1", "p\"2"), *decode_sync_info(failed_json), 1'500us}; }

swept no_list() { return {question("L", ""), error(error_kind::deadline), 3ms}; }

} // namespace

TEST_CASE("a result as JSON is the question, the time, and the answer or the error") {
  CHECK(row_json({}, failed_with_quotes()) ==
        R"({"link":"l,1","provider":"p\"2","elapsed_us":1500,"info":)" + encode(*decode_sync_info(failed_json)) + "}");
  CHECK(row_json("berlin", refused())
            .find(R"({"server":"berlin","link":"L","provider":"P","elapsed_us":3000,"error":{"kind":"standard",)") ==
        0);
  CHECK(row_json({}, no_list()).find(R"({"link":"L","provider":null,"elapsed_us":3000,"error":{)") == 0);
  CHECK(row_json({}, {question(), error(error_kind::connect), 0us}).find(R"({"link":null,"provider":null,)") == 0);
}

TEST_CASE("a result as CSV has a cell for each column, quoted where RFC 4180 asks for it, and harmless") {
  CHECK(csv_heading(false).find("link,provider,elapsed_us,status,last_sync_time,") == 0);
  CHECK(csv_heading(true).find("server,link,provider,") == 0);
  CHECK(csv_heading(false).ends_with(",error_message\r\n"));
  CHECK(row_csv({}, false, failed_with_quotes()) ==
        R"("l,1","p""2",1500,FAILED,2026-03-14T09:24:53.000Z,300,"It ""failed"", badly?[31m. [com.x]",FAILED,)"
        "2026-03-14T09:24:50.000Z,,4,9,gone,,,\r\n");
  CHECK(row_csv("berlin", true, refused()).find("berlin,L,P,3000,,,,,,,,,,,standard,NOT_FOUND,") == 0);
  auto const commas = [](std::string const& line) { return std::count(line.begin(), line.end(), ','); };
  CHECK(commas(row_csv({}, false, no_list())) == commas(csv_heading(false)));
  CHECK(commas(row_csv({}, true, no_list())) == commas(csv_heading(true)));
  CHECK(row_csv({}, true, no_list()).find(",L,,3000,") == 0);
}

TEST_CASE("a hint stands below the line it helps with, and hangs") {
  CHECK(hint_line("say who asks:\n--user USER", {}) == "    hint: say who asks:\n          --user USER\n");
}

TEST_CASE("a result as a line has its columns in place, and what went wrong below it") {
  CHECK(line_heading({}) == "STATUS         SYNCED             TOOK        LINK/PROVIDER\n");
  CHECK(row_line({}, failed_with_quotes(), now, {}) ==
        "FAILED         2 min ago          1.5 ms      l,1/p\"2\n    gone\n");
  auto running = failed_with_quotes();
  running.info->current_session_info->stage = sync_stage::change_application;
  CHECK(row_line({}, running, now, {}).find("FAILED         began 2 min ago    1.5 ms      l,1/p\"2\n") == 0);
  auto const refusal = row_line("berlin", refused(), now, {});
  CHECK(refusal.find("ERROR          -                  3 ms        berlin: L/P\n    standard(NOT_FOUND)") == 0);
  sync_info fine;
  fine.status = sync_status::succeeded;
  fine.status_message = localizable_message{.id = "x", .default_message = "All well."};
  CHECK(row_line({}, {question("L\x1b", "P"), fine, 3ms}, now, {}) ==
        "SUCCEEDED      -                  3 ms        L?/P\n");
  CHECK(holds(row_line({}, {question("L", "P"), fine, 3ms}, now, {true, 0}), "\x1b[32mSUCCEEDED\x1b[0m      -"));
}
