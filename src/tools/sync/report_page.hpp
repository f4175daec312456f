// The page of hvc-sync sweep --html, in the pieces in which it is written: what stands before the results, one piece
// for each, and what stands behind them. Its looks are in report.html. Pure.
#pragma once

#include <hvc/sweep_values.hpp>

#include <string>
#include <string_view>

namespace hvc::tools {

[[nodiscard]] std::string report_head();
/// `index` counts from 0. Ages are told relative to `now`; `server` is empty where there is one.
[[nodiscard]] std::string report_row(std::size_t index, std::string_view server, swept const& s, date_time now);
/// `of` says what was asked.
[[nodiscard]] std::string report_tail(std::string_view of, date_time at, bool interrupted);

} // namespace hvc::tools
