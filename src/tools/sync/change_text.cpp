#include "change_text.hpp"

#include "error_json.hpp"
#include "info_card.hpp"
#include "text.hpp"
#include "times.hpp"

#include <hvc/codec.hpp>
#include <hvc/watch_values.hpp>

namespace hvc::tools {

namespace {

std::string how_text(sync_info const& info, date_time now) {
  auto const& session = info.current_session_info;
  if (is_under_way(info)) // which last_sync_time is then the beginning of
    return "under way" + (info.last_sync_time ? ", began " + age_text(*info.last_sync_time, now) : std::string()) +
           "; now " + stage_text(*session);
  std::string text = info.last_sync_time ? "synced " + age_text(*info.last_sync_time, now) : "no sync found";
  auto const& why = session && session->exception ? session->exception : info.status_message;
  return info.status == sync_status::failed && why ? text + "; " + message_text(*why) : text;
}

} // namespace

bool is_under_way(sync_info const& info) noexcept {
  auto const& session = info.current_session_info;
  return session && session->stage != sync_stage::completed && session->stage != sync_stage::failed;
}

std::string change_line(result<sync_info> const& how, date_time now, canvas const& to) {
  constexpr std::size_t status_width = 13; // NO_SYNC_FOUND
  std::string const status = how ? printable(how->status.name()) : "ERROR";
  std::string line = to.painted(paint::faint, utc_text(now)) + "  ";
  line.append(to.painted(how ? colour_of(how->status) : paint::bad, status));
  line.append(status.size() < status_width ? status_width - status.size() : 0, ' ').append("  ");
  std::size_t const indent = utc_text(now).size() + 2 + status_width + 2;
  return line + hanging(printable(how ? how_text(*how, now) : how.error().message()), indent, to.width);
}

std::string change_json(result<sync_info> const& how, date_time now) {
  std::string text = "{\"time\":" + json_string(format_date_time(now)) + ",";
  return text.append(how ? "\"info\":" + encode(*how) : error_member(how.error())).append("}");
}

std::string stage_text(session_info const& s) {
  std::string text = printable(s.stage.name());
  if (s.total_work <= 0)
    return text;
  text += ", " + std::to_string(s.completed_work) + " of " + std::to_string(s.total_work);
  if (auto const done = fraction_done(s))
    text += " (" + std::to_string(static_cast<int>(*done * 100)) + " %)";
  return text;
}

} // namespace hvc::tools
