// Durations and points in time, as the command line takes them and as a person reads them. Knows no clock.
#pragma once

#include <hvc/model.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace hvc::tools {

/// `500ms`, `30s`, `2m`, `1h`; a bare number is seconds. Nothing if the text is none of these, or zero, or over a year.
[[nodiscard]] std::optional<std::chrono::milliseconds> parse_duration(std::string_view text) noexcept;

/// In the largest unit that leaves two digits or so: `3.4 ms`, `340 ms`, `4.2 s`, `85 s`, `12 min`, `30 h`, `9 d`.
[[nodiscard]] std::string duration_text(std::chrono::microseconds d);

/// How `then` lies to `now`: `3 min ago`, `just now`, or, where the clocks disagree, `in 3 min`.
[[nodiscard]] std::string age_text(date_time then, date_time now);

/// `2026-03-14 09:26:53 UTC`.
[[nodiscard]] std::string utc_text(date_time t);

} // namespace hvc::tools
