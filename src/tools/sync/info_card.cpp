#include "info_card.hpp"

#include "times.hpp"

namespace hvc::tools {

namespace {

paint colour_of(sync_stage s) noexcept {
  switch (s) {
  case sync_stage::completed:
    return paint::good;
  case sync_stage::failed:
    return paint::bad;
  default:
    return paint::notable;
  }
}

std::string point_text(date_time t, date_time now) { return utc_text(t) + " (" + age_text(t, now) + ")"; }

std::string polling_text(std::int64_t seconds) {
  std::string text = "every " + std::to_string(seconds) + " s";
  if (seconds >= 120 && seconds <= 1'000'000'000)
    text += " (" + duration_text(std::chrono::seconds(seconds)) + ")";
  return text;
}

void add_session(std::vector<field>& to, session_info const& s, date_time now) {
  to.push_back({"Session", std::string(s.stage.name()), colour_of(s.stage)});
  // Two numbers and no percentage: the API does not say what they count.
  to.push_back({"  Work", std::to_string(s.completed_work) + " of " + std::to_string(s.total_work)});
  to.push_back({"  Started", point_text(s.start_time, now)});
  if (s.completion_time) {
    to.push_back({"  Ended", point_text(*s.completion_time, now)});
    if (*s.completion_time >= s.start_time)
      to.push_back({"  Took", duration_text(*s.completion_time - s.start_time)});
  }
  if (s.exception)
    to.push_back({"  Exception", message_text(*s.exception), paint::bad});
}

} // namespace

std::string message_text(localizable_message const& m) {
  std::string text(m.text());
  return m.id.empty() || text == m.id ? text : text + " [" + m.id + "]";
}

paint colour_of(sync_status s) noexcept {
  switch (s) {
  case sync_status::succeeded:
    return paint::good;
  case sync_status::failed:
    return paint::bad;
  case sync_status::no_sync_found:
  case sync_status::unknown:
    return paint::notable;
  }
  return paint::plain;
}

std::string info_card(std::string const& link, std::string const& provider, sync_info const& info, date_time now,
                      canvas const& to) {
  std::vector<field> fields{
      {"Provider", provider}, {"Link", link}, {"Status", std::string(info.status.name()), colour_of(info.status)}};
  if (info.status_message)
    fields.push_back({"Message", message_text(*info.status_message)});
  fields.push_back({"Last sync", info.last_sync_time ? point_text(*info.last_sync_time, now) : "none found"});
  fields.push_back({"Polling", polling_text(info.polling_interval_in_seconds)});
  if (info.current_session_info)
    add_session(fields, *info.current_session_info, now);
  return card(fields, to);
}

} // namespace hvc::tools
