#include "catch.hpp"
#include "simulator/generated_info.hpp"
#include "simulator/world.hpp"

#include <set>

using namespace hvc;
using namespace hvc::simulation;
using namespace std::chrono_literals;

namespace {

constexpr date_time dawn{1'700'000'000s};

} // namespace

TEST_CASE("the providers of a link show every status, and one a session under way") {
  world const w(1, 4, 10s);
  std::set<std::string> statuses;
  unsigned under_way = 0;
  for (auto const& p : w.list_providers("link-1")) {
    auto const i = w.info("link-1", p.provider, dawn);
    statuses.emplace(i.status.name());
    if (i.current_session_info && !i.current_session_info->completion_time)
      ++under_way;
    CHECK(i.last_sync_time.has_value() == (i.status != sync_status::no_sync_found));
    CHECK(i.status_message->args == std::vector<std::string>{"link-1", p.provider});
    if (i.status == sync_status::failed)
      CHECK(i.current_session_info->exception.has_value());
  }
  CHECK(statuses.size() == 3);
  CHECK(under_way == 1);
}

TEST_CASE("an Info is the same for the same moment, and its times are near and past") {
  world const w(4, 4, 10s);
  for (auto now = dawn; now < dawn + 20min; now += 17s)
    for (auto const& l : w.list_links())
      for (auto const& p : w.list_providers(l.link)) {
        auto const i = w.info(l.link, p.provider, now);
        CHECK(i == w.info(l.link, p.provider, now));
        if (!i.last_sync_time)
          continue;
        CHECK(*i.last_sync_time <= now);
        CHECK(*i.last_sync_time > now - 10min);
        if (auto const done = i.current_session_info->completion_time)
          CHECK(*done <= now);
      }
}

TEST_CASE("a session goes through its stages to its end") {
  auto const stage = [](std::chrono::milliseconds age) { return session_at(dawn, 10s, dawn + age).stage; };
  CHECK(stage(0s) == sync_stage::change_detection);
  CHECK(stage(4s) == sync_stage::change_enumeration);
  CHECK(stage(9999ms) == sync_stage::change_application);
  CHECK(stage(10s) == sync_stage::completed);
  auto const done = session_at(dawn, 10s, dawn + 1h);
  CHECK(done.completed_work == done.total_work);
  CHECK(done.completion_time == dawn + 10s);
  CHECK(session_at(dawn, 10s, dawn - 1s).completed_work == 0);
}

TEST_CASE("a provider that is started was never synced until it has ended") {
  world w(1, 4, 10s);
  CHECK(w.info("link-1", "provider-3", dawn).status == sync_status::no_sync_found);
  w.start("link-1", "provider-3", dawn);
  auto const before = w.info("link-1", "provider-3", dawn + 9s);
  CHECK(before.status == sync_status::no_sync_found);
  CHECK(before.last_sync_time == dawn);
  CHECK(before.current_session_info->stage == sync_stage::change_application);
  auto const after = w.info("link-1", "provider-3", dawn + 10s);
  CHECK(after.status == sync_status::succeeded);
  CHECK(after.current_session_info->stage == sync_stage::completed);
}

TEST_CASE("a reset link's providers were never synced, whatever was set or started") {
  world w(1, 2, 10s);
  sync_info i;
  i.status = sync_status::failed;
  w.set("link-1", "provider-1", i);
  w.start("link-1", "provider-2", dawn);
  w.reset("link-1");
  for (auto const& p : w.list_providers("link-1"))
    CHECK(w.info("link-1", p.provider, dawn) == never_synced("link-1", p.provider));
}

TEST_CASE("only ids as they are listed are known") {
  world const w(12, 3, 10s);
  CHECK(w.has_link("link-12"));
  for (auto const* id : {"link-13", "link-0", "link-01", "link-", "link-1x", "Link-1", "", "link-99999999999"})
    CHECK_FALSE(w.has_link(id));
  CHECK(w.has_provider("link-12", "provider-3"));
  CHECK_FALSE(w.has_provider("link-12", "provider-4"));
  CHECK_FALSE(w.has_provider("link-13", "provider-1"));
}

TEST_CASE("a provider that is set is listed once, its link too") {
  world w(1, 1, 10s);
  w.set("other", "new", sync_info());
  w.set("link-1", "provider-1", sync_info());
  w.set("link-1", "more", sync_info());
  CHECK(w.list_links().size() == 2);
  CHECK(w.list_providers("other") == std::vector<provider_summary>{{"new"}});
  CHECK(w.list_providers("link-1") == std::vector<provider_summary>{{"provider-1"}, {"more"}});
  CHECK(w.info("link-1", "more", dawn) == sync_info());
}
