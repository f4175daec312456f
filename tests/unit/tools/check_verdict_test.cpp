#include "tools/sync/check_verdict.hpp"

#include "tools/sync/check_flags.hpp"
#include "tools/sync/usage_error.hpp"

#include <hvc/codec.hpp>

#include "catch.hpp"
#include "holds.hpp"
#include "performance_data.hpp"
#include "samples.hpp"

using namespace hvc;
using namespace hvc::tools;
using namespace hvc::tools::test;
using hvc::test::holds;
using namespace std::chrono_literals;

namespace {

age_limits const limits{900s, 3600s};

sync_info synced(std::chrono::microseconds ago, open_enum<sync_status> status = sync_status::succeeded) {
  sync_info info;
  info.status = status;
  info.last_sync_time = now - ago;
  return info;
}

plugin_state state_of(sync_info const& info, age_limits const& l = limits) { return judge("L/P", info, now, l).state; }

std::string limits_refusal(std::vector<std::string> const& arguments) {
  try {
    static_cast<void>(read_age_limits(command_line(arguments)));
    return {};
  } catch (usage_error const& e) {
    return e.what();
  }
}

} // namespace

TEST_CASE("a provider that is well is one line with its age and the limits") {
  CHECK(plugin_line(judge("L/P", synced(120s), now, limits), limits) ==
        "HVC OK - L/P SUCCEEDED 120 s ago | age=120s;900;3600;0\n");
  CHECK(plugin_line(judge("L/P", synced(120s), now, {}), {}) == "HVC OK - L/P SUCCEEDED 120 s ago | age=120s;;;0\n");
}

TEST_CASE("an age is too old when it is beyond the limit, not when it reaches it") {
  CHECK(state_of(synced(900s)) == plugin_state::ok);
  CHECK(state_of(synced(901s)) == plugin_state::warning);
  CHECK(state_of(synced(3600s)) == plugin_state::warning);
  CHECK(state_of(synced(3601s)) == plugin_state::critical);
  CHECK(state_of(synced(3601s), {}) == plugin_state::ok);
  CHECK(state_of(synced(3601s), {std::nullopt, 3600s}) == plugin_state::critical);
}

TEST_CASE("FAILED is critical however young, no sync found a warning, and a new status unknown") {
  CHECK(state_of(synced(1s, sync_status::failed)) == plugin_state::critical);
  CHECK(state_of(synced(99'999s, sync_status::no_sync_found)) == plugin_state::warning);
  auto const fresh = open_enum<sync_status>::from_name("PAUSED");
  CHECK(state_of(synced(1s, fresh)) == plugin_state::unknown);
  CHECK(holds(judge("L/P", synced(1s, fresh), now, limits).text, "PAUSED"));
  sync_info failed;
  failed.status = sync_status::failed;
  failed.status_message = localizable_message{.id = "x", .default_message = "The other end\nis away | gone."};
  CHECK(plugin_line(judge("L/P", failed, now, limits), limits) ==
        "HVC CRITICAL - L/P FAILED: The other end is away ? gone.\n");
}

TEST_CASE("a sync that is under way is told of, and changes no verdict") {
  auto info = synced(120s, sync_status::failed);
  info.current_session_info.emplace().stage = sync_stage::change_enumeration;
  CHECK(plugin_line(judge("L/P", info, now, limits), limits) ==
        "HVC CRITICAL - L/P FAILED, the next one began 120 s ago (CHANGE_ENUMERATION) | age=120s;900;3600;0\n");
  CHECK(holds(judge("L/P", info, std::nullopt, limits).text, "FAILED, the next one is under way (CHANGE_ENUMERATION)"));
  info.current_session_info->stage = sync_stage::failed;
  CHECK(plugin_line(judge("L/P", info, now, limits), limits) ==
        "HVC CRITICAL - L/P FAILED 120 s ago | age=120s;900;3600;0\n");
}

TEST_CASE("what nobody knows the age of is unknown, and its line has no figures") {
  sync_info info;
  info.status = sync_status::succeeded;
  CHECK(plugin_line(judge("L/P", info, now, limits), limits) ==
        "HVC UNKNOWN - L/P SUCCEEDED, but nobody knows when: no time of a last sync\n");
  auto const silent = judge("L/P", synced(120s), std::nullopt, limits);
  CHECK(silent.state == plugin_state::unknown);
  CHECK(holds(silent.text, "Date"));
}

TEST_CASE("a sync that has just started may lie a moment ahead of a clock that counts seconds, and no more") {
  CHECK(judge("L/P", synced(-999ms), now, limits).age == 0s);
  CHECK(state_of(synced(-3s)) == plugin_state::unknown);
}

TEST_CASE("an error is unknown, whatever it is") {
  auto const v = judge("L/P", with_standard(error_kind::standard, {}, not_found(), 404));
  CHECK(v.state == plugin_state::unknown);
  CHECK(holds(plugin_line(v, limits), "HVC UNKNOWN - L/P standard(NOT_FOUND): The provider is unknown."));
  CHECK(plugin_complaint("a | b\nc") == "HVC UNKNOWN - a ? b c\n");
}

TEST_CASE("many are told the worst first, the oldest among equals, and the sum in the first line") {
  std::vector<verdict> all;
  all.push_back(judge("a", synced(10s), now, limits));
  all.push_back(judge("b", synced(20s), now, limits));
  all.push_back(judge("c", synced(0s, sync_status::no_sync_found), now, limits));
  all.push_back(judge("d", error(error_kind::deadline)));
  all.push_back(judge("e", synced(5s, sync_status::failed), now, limits));
  sort_by_urgency(all);
  CHECK(overall(all) == plugin_state::critical);
  auto const report = plugin_report(all, limits);
  CHECK(report.find("HVC CRITICAL - 1 critical, 1 unknown, 1 warning, 2 ok: e FAILED 5 s ago | age=20s;900;3600;0 "
                    "critical=1;;;0;5 unknown=1;;;0;5 warning=1;;;0;5 ok=2;;;0;5\n"
                    "CRITICAL - e FAILED 5 s ago\nUNKNOWN - d deadline") == 0);
  CHECK(holds(report, "WARNING - c NO_SYNC_FOUND 0 s ago\nOK - b SUCCEEDED 20 s ago\nOK - a SUCCEEDED 10 s ago\n"));
  CHECK(overall({}) == plugin_state::unknown);
  CHECK(plugin_report({}, limits) == "HVC UNKNOWN - there is no provider\n");
}

TEST_CASE("the figures follow the grammar of the plugins' guidelines, whatever ids and messages say") {
  for (std::string const name : {"L/P", "a|b/c=d", "it's/a 'name'", "\xc3\xbc/\xe2\x80\xa8"}) {
    CAPTURE(name);
    for (auto const& l : {limits, age_limits{}}) {
      std::vector<verdict> const one{judge(name, synced(120s), now, l)};
      for (auto const& text : {plugin_line(one.front(), l), plugin_report(one, l)}) {
        CAPTURE(text);
        auto const figures = performance_data_of(text);
        REQUIRE(!figures.empty());
        CHECK(figures.front().label == "age");
        CHECK(figures.front().value == 120);
        CHECK(figures.front().unit == "s");
        CHECK(figures.front().minimum == 0);
        CHECK(figures.front().warning == (l.warning ? std::optional<double>(900) : std::nullopt));
        CHECK(figures.front().critical == (l.critical ? std::optional<double>(3600) : std::nullopt));
      }
    }
  }
}

TEST_CASE("the limits are whole seconds, the warning before what is critical") {
  auto const read = read_age_limits(command_line({"-w", "15m", "--critical=1h"}));
  CHECK(read.warning == 900s);
  CHECK(read.critical == 3600s);
  CHECK(!read_age_limits(command_line({"check"})).warning);
  CHECK(limits_refusal({"-w", "soon"}).find("--warning") == 0);
  CHECK(limits_refusal({"-c", "1500ms"}).find("--critical") == 0);
  CHECK(limits_refusal({"-w", "2h", "-c", "1h"}) != "");
}
