#include "generated_info.hpp"

#include "standard_replies.hpp"

#include <algorithm>

namespace hvc::simulation {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t total_work = 2048;
constexpr std::chrono::seconds polling_interval = 300s;

localizable_message about(std::string_view link, std::string_view provider, std::string_view id,
                          std::string_view text) {
  std::string const l(link), p(provider);
  auto m = message(id, "Provider " + p + " of link " + l + ": " + std::string(text), {l, p});
  localization_params params;
  for (auto const& [name, value] : {std::pair{"link", &l}, std::pair{"provider", &p}}) {
    localization_entry entry;
    entry.name = name;
    entry.value.s = *value;
    params.push_back(std::move(entry));
  }
  m.params = std::move(params);
  return m;
}

sync_stage stage_at(std::int64_t work) {
  if (work < total_work / 5)
    return sync_stage::change_detection;
  if (work < total_work / 2)
    return sync_stage::change_enumeration;
  return sync_stage::change_application;
}

// The latest moment up to now that is `phase` past a whole interval: it moves on while a simulator runs for days, and
// two requests in a row see the same.
date_time latest(date_time now, std::chrono::seconds interval, std::chrono::seconds phase) {
  auto const t = std::chrono::floor<std::chrono::seconds>(now.time_since_epoch()) - phase;
  return date_time(t - t % interval + phase);
}

} // namespace

session_info session_at(date_time start, std::chrono::milliseconds duration, date_time now) {
  session_info s;
  s.start_time = start;
  s.total_work = total_work;
  if (now >= start + duration) {
    s.stage = sync_stage::completed;
    s.completed_work = total_work;
    s.completion_time = start + duration;
    return s;
  }
  auto const gone = std::max(now - start, std::chrono::microseconds(0));
  s.completed_work = gone.count() * total_work / std::chrono::microseconds(duration).count();
  s.stage = stage_at(s.completed_work);
  return s;
}

sync_info never_synced(std::string_view link, std::string_view provider) {
  sync_info i;
  i.status = sync_status::no_sync_found;
  i.polling_interval_in_seconds = polling_interval.count();
  i.status_message = about(link, provider, "com.vmware.hvc.sync.status.no_sync_found", "no synchronization was found.");
  return i;
}

sync_info synced(std::string_view link, std::string_view provider, session_info session) {
  sync_info i;
  i.last_sync_time = session.start_time;
  i.status = sync_status::succeeded;
  i.polling_interval_in_seconds = polling_interval.count();
  i.status_message =
      about(link, provider, "com.vmware.hvc.sync.status.succeeded", "the last synchronization succeeded.");
  i.current_session_info = std::move(session);
  return i;
}

sync_info failed(std::string_view link, std::string_view provider, session_info session) {
  session.stage = sync_stage::failed;
  session.completed_work = total_work / 3;
  session.exception = about(link, provider, "com.vmware.hvc.sync.partner_unreachable",
                            "the replication partner did not answer within 30 seconds.");
  auto i = synced(link, provider, std::move(session));
  i.status = sync_status::failed;
  i.status_message = about(link, provider, "com.vmware.hvc.sync.status.failed", "the last synchronization failed.");
  return i;
}

sync_info generated_info(std::string_view link, std::string_view provider, unsigned index, date_time now) {
  auto const phase = std::chrono::seconds(index * 37 % 300);
  constexpr auto duration = 42'569ms;
  auto const ended = latest(now - duration, polling_interval, phase);
  switch (index % 4) {
  case 0:
    return synced(link, provider, session_at(ended, duration, now));
  case 1:
    return failed(link, provider, session_at(ended, duration, now));
  case 2:
    return never_synced(link, provider);
  default:
    // As long as the interval, so that it is always under way.
    return synced(link, provider, session_at(latest(now, polling_interval, phase), polling_interval, now));
  }
}

} // namespace hvc::simulation
