#include "tools/sync/info_card.hpp"

#include "catch.hpp"

using namespace hvc::tools;
using namespace std::chrono_literals;

namespace {

hvc::date_time const half_past_nine = std::chrono::sys_days(std::chrono::year(2026) / 3 / 14) + 9h + 30min;

hvc::sync_info failed_info() {
  hvc::session_info session;
  session.stage = hvc::sync_stage::failed;
  session.completed_work = 412;
  session.total_work = 1200;
  session.start_time = half_past_nine - 4min;
  session.completion_time = half_past_nine - 3min;
  session.exception = hvc::localizable_message{"com.example.lost", "The peer was lost.", {}, {}, {}};

  hvc::sync_info info;
  info.status = hvc::sync_status::failed;
  info.last_sync_time = half_past_nine - 4min;
  info.polling_interval_in_seconds = 300;
  info.current_session_info = session;
  info.status_message = hvc::localizable_message{"", "Not in step", {}, {}, "Nicht im Takt"};
  return info;
}

} // namespace

TEST_CASE("the card tells everything an Info holds") {
  CHECK(info_card("link-1", "provider-1", failed_info(), half_past_nine, canvas()) ==
        "Provider     provider-1\n"
        "Link         link-1\n"
        "Status       FAILED\n"
        "Message      Nicht im Takt\n"
        "Last sync    2026-03-14 09:26:00 UTC (4 min ago)\n"
        "Polling      every 300 s (5 min)\n"
        "Session      FAILED\n"
        "  Work       412 of 1200\n"
        "  Started    2026-03-14 09:26:00 UTC (4 min ago)\n"
        "  Ended      2026-03-14 09:27:00 UTC (3 min ago)\n"
        "  Took       60 s\n"
        "  Exception  The peer was lost. [com.example.lost]\n");
}

TEST_CASE("what an Info leaves out the card leaves out") {
  hvc::sync_info info;
  info.status = hvc::sync_status::no_sync_found;
  info.polling_interval_in_seconds = 30;
  CHECK(info_card("l", "p", info, half_past_nine, canvas()) == "Provider   p\n"
                                                               "Link       l\n"
                                                               "Status     NO_SYNC_FOUND\n"
                                                               "Last sync  none found\n"
                                                               "Polling    every 30 s\n");
}

TEST_CASE("J14 a status of a newer server is shown by its own name, made harmless") {
  hvc::sync_info info;
  info.status = hvc::open_enum<hvc::sync_status>::from_name("PAUSED\x1b[1m");
  CHECK(info_card("l", "p", info, half_past_nine, canvas()).find("Status     PAUSED?[1m\n") != std::string::npos);
}

TEST_CASE("success is green and failure red") {
  auto info = failed_info();
  CHECK(info_card("l", "p", info, half_past_nine, canvas{true, 0}).find("\x1b[31mFAILED\x1b[0m") != std::string::npos);
  info.status = hvc::sync_status::succeeded;
  CHECK(info_card("l", "p", info, half_past_nine, canvas{true, 0}).find("\x1b[32mSUCCEEDED\x1b[0m") !=
        std::string::npos);
}

TEST_CASE("a session that ended before it began is told without a duration") {
  auto info = failed_info();
  info.current_session_info->completion_time = info.current_session_info->start_time - 1s;
  CHECK(info_card("l", "p", info, half_past_nine, canvas()).find("Took") == std::string::npos);
}
