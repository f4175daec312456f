// Results of a sweep written down one by one: for a program as JSON or CSV, for a person as lines of a table. Pure.
#pragma once

#include "table.hpp"

#include <hvc/sweep_values.hpp>

#include <string>

namespace hvc::tools {

/// `{"server"?,"link","provider","elapsed_us","info":{...}}`, or with `error` in place of `info`, as error_json has it.
/// Link and provider are null where a list could not be had, and so nobody knows them. No line end. In all of these,
/// `server` is empty where there is one.
[[nodiscard]] std::string row_json(std::string_view server, swept const& s);

/// The columns' names, and a row: RFC 4180, with control characters made harmless. Line ends are CR LF, as the RFC has
/// it.
[[nodiscard]] std::string csv_heading(bool with_server);
[[nodiscard]] std::string row_csv(std::string_view server, bool with_server, swept const& s);

/// The columns' names, and a line, or several where it did not go well. Ages are told relative to `now`.
[[nodiscard]] std::string line_heading(canvas const& to);
[[nodiscard]] std::string row_line(std::string_view server, swept const& s, date_time now, canvas const& to);
/// What may help with the line above.
[[nodiscard]] std::string hint_line(std::string_view hint, canvas const& to);

} // namespace hvc::tools
