#include "report_page.hpp"

#include "error_json.hpp"
#include "info_card.hpp"
#include "report_template.hpp"
#include "tally.hpp"
#include "times.hpp"

#include <algorithm>

namespace hvc::tools {

namespace {

constexpr std::string_view place = "@DATA@";

// A text in JSON in a script element: nothing in it may end that element, or begin a comment (HTML, section 4.12.1.3).
std::string json_text(std::string_view text) {
  std::string json = json_string(text);
  for (auto at = json.find('<'); at != std::string::npos; at = json.find('<', at))
    json.replace(at, 1, "\\u003c");
  return json;
}

std::string age_json(swept const& s, date_time now) {
  if (!s.info || !s.info->last_sync_time)
    return "null";
  auto const age = std::chrono::floor<std::chrono::seconds>(now - *s.info->last_sync_time);
  return std::to_string(std::max<std::int64_t>(age.count(), 0));
}

std::string message_on(swept const& s) {
  if (!s.info)
    return s.info.error().message();
  std::string text = s.info->status_message ? message_text(*s.info->status_message) : std::string();
  if (auto const& session = s.info->current_session_info; session && session->exception)
    text.append(text.empty() ? "" : " ").append(message_text(*session->exception));
  return text;
}

} // namespace

std::string report_head() {
  return std::string(report_template.substr(0, report_template.find(place))) + "{\"rows\":[";
}

std::string report_row(std::size_t index, std::string_view server, swept const& s, date_time now) {
  std::string const group = s.info ? std::string(s.info->status.name()) : group_of(s.info.error());
  char const* const kind = s.info ? "0" : s.info.error().standard() ? "1" : "2";
  std::string row = index == 0 ? "\n[" : ",\n[";
  for (std::string_view const text :
       {server, std::string_view(s.question.link), std::string_view(s.question.provider), std::string_view(group)})
    row.append(json_text(text)).append(",");
  row.append(kind).append(",").append(age_json(s, now)).append(",").append(std::to_string(s.elapsed.count()));
  return row.append(",").append(json_text(message_on(s))).append("]");
}

std::string report_tail(std::string_view of, date_time at, bool interrupted) {
  std::string tail = "],\n\"of\":" + json_text(of) + ",\"at\":" + json_text(utc_text(at));
  tail.append(",\"interrupted\":").append(interrupted ? "true" : "false").append("}");
  return tail.append(report_template.substr(report_template.find(place) + place.size()));
}

} // namespace hvc::tools
