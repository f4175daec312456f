#include "rows.hpp"

#include "change_text.hpp"
#include "error_json.hpp"
#include "info_card.hpp"
#include "tally.hpp"
#include "text.hpp"
#include "times.hpp"

#include <hvc/codec.hpp>

#include <array>

namespace hvc::tools {

namespace {

std::string id_json(std::string const& id) { return id.empty() ? "null" : json_string(id); }

// RFC 4180, section 2. What is printable has no line ends.
std::string cell(std::string_view text) {
  std::string const plain = printable(text);
  if (plain.find_first_of(",\"") == std::string::npos && !plain.starts_with(' ') && !plain.ends_with(' '))
    return plain;
  std::string quoted = "\"";
  for (char const c : plain)
    quoted.append(c == '"' ? 2 : 1, c);
  return quoted + "\"";
}

constexpr std::array columns_of_csv{"link",
                                    "provider",
                                    "elapsed_us",
                                    "status",
                                    "last_sync_time",
                                    "polling_interval_in_seconds",
                                    "message",
                                    "session_stage",
                                    "session_start_time",
                                    "session_completion_time",
                                    "completed_work",
                                    "total_work",
                                    "session_exception",
                                    "error_kind",
                                    "error_type",
                                    "error_message"};

std::string time_cell(std::optional<date_time> const& t) { return t ? format_date_time(*t) : std::string(); }

std::string message_of(std::optional<localizable_message> const& m) { return m ? message_text(*m) : std::string(); }

void add_info(std::vector<std::string>& cells, sync_info const& i) {
  cells.insert(cells.end(), {std::string(i.status.name()), time_cell(i.last_sync_time),
                             std::to_string(i.polling_interval_in_seconds), message_of(i.status_message)});
  if (auto const& session = i.current_session_info)
    cells.insert(cells.end(), {std::string(session->stage.name()), time_cell(session->start_time),
                               time_cell(session->completion_time), std::to_string(session->completed_work),
                               std::to_string(session->total_work), message_of(session->exception)});
}

std::string joined(std::vector<std::string> const& cells) {
  std::string line;
  for (auto const& c : cells)
    line.append(cell(c)).append(",");
  line.pop_back();
  return line.append("\r\n");
}

// What a person should know beyond the status; empty where that says it all.
std::string remark_on(swept const& s) {
  if (!s.info)
    return s.info.error().message();
  if (s.info->status == sync_status::succeeded || s.info->status == sync_status::no_sync_found)
    return {};
  auto const& session = s.info->current_session_info;
  return session && session->exception ? message_text(*session->exception) : message_of(s.info->status_message);
}

std::string padded(std::string_view text, std::size_t width) {
  std::string cell(text);
  return cell.append(width > columns(cell) ? width - columns(cell) : 0, ' ');
}

// Of a sync that is under way the time is that of its beginning.
std::string synced_text(sync_info const& info, date_time now) {
  if (!info.last_sync_time)
    return "-";
  return (is_under_way(info) ? "began " : "") + age_text(*info.last_sync_time, now);
}

// NO_SYNC_FOUND; "began 119 min ago"; "119 min"
constexpr std::size_t status_width = 13, synced_width = 17, took_width = 12, gap = 2;

} // namespace

std::string row_json(std::string_view server, swept const& s) {
  std::string text = "{";
  if (!server.empty())
    text.append("\"server\":").append(json_string(server)).append(",");
  text.append("\"link\":")
      .append(id_json(s.question.link))
      .append(",\"provider\":")
      .append(id_json(s.question.provider));
  text.append(",\"elapsed_us\":").append(std::to_string(s.elapsed.count())).append(",");
  if (s.info)
    return text.append("\"info\":").append(encode(*s.info)).append("}");
  return text.append(error_member(s.info.error())).append("}");
}

std::string csv_heading(bool with_server) {
  std::vector<std::string> names(columns_of_csv.begin(), columns_of_csv.end());
  if (with_server)
    names.insert(names.begin(), "server");
  return joined(names);
}

std::string row_csv(std::string_view server, bool with_server, swept const& s) {
  std::vector<std::string> cells;
  if (with_server)
    cells.emplace_back(server);
  cells.insert(cells.end(), {s.question.link, s.question.provider, std::to_string(s.elapsed.count())});
  std::size_t const all = columns_of_csv.size() + (with_server ? 1 : 0);
  if (s.info) {
    add_info(cells, *s.info);
    cells.resize(all);
    return joined(cells);
  }
  cells.resize(all - 3); // the error's are the last
  auto const& e = s.info.error();
  auto const standard = e.standard();
  cells.insert(cells.end(), {std::string(to_string(e.kind())),
                             standard ? std::string(standard->error_type.name()) : std::string(), e.message()});
  return joined(cells);
}

std::string line_heading(canvas const& to) {
  return to.painted(paint::heading, padded("STATUS", status_width + gap) + padded("SYNCED", synced_width + gap) +
                                        padded("TOOK", took_width) + "LINK/PROVIDER") +
         "\n";
}

std::string row_line(std::string_view server, swept const& s, date_time now, canvas const& to) {
  std::string const status = s.info ? printable(s.info->status.name()) : "ERROR";
  std::string const synced = s.info ? synced_text(*s.info, now) : "-";
  std::string text = to.painted(s.info ? colour_of(s.info->status) : paint::bad, status);
  text.append(padded(status, status_width + gap).substr(status.size()));
  text.append(padded(synced, synced_width + gap)).append(padded(duration_text(s.elapsed), took_width));
  text.append(printable(name_of(server, s.question))).append("\n");
  std::string const remark = remark_on(s);
  constexpr std::size_t indent = 4;
  return remark.empty() ? text : text.append(indent, ' ').append(hanging(remark, indent, to.width));
}

std::string hint_line(std::string_view hint, canvas const& to) {
  constexpr std::string_view title = "    hint: ";
  return std::string(title) + hanging(hint, title.size(), to.width);
}

} // namespace hvc::tools
