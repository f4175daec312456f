// How a provider stands, in one line for a person who watches it. Pure.
#pragma once

#include "table.hpp"

#include <hvc/result.hpp>

#include <string>

namespace hvc::tools {

/// `2026-03-14 09:26:53 UTC  SUCCEEDED      synced 2 min ago`, or with the session that is under way, or with the
/// error; `now` is the time of it.
[[nodiscard]] std::string change_line(result<sync_info> const& how, date_time now, canvas const& to);
/// `{"time","info":{...}}`, or with `error` in place of `info`, as error_json has it. No line end.
[[nodiscard]] std::string change_json(result<sync_info> const& how, date_time now);

/// Whether the session it tells of still runs.
[[nodiscard]] bool is_under_way(sync_info const& info) noexcept;

/// `CHANGE_APPLICATION, 460 of 1024 (44 %)`
[[nodiscard]] std::string stage_text(session_info const& s);

} // namespace hvc::tools
