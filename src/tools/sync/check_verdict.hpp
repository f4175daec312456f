// What a monitoring system is told of a provider, by the conventions of Nagios and Icinga: a state, a text, and the age
// of the last sync. Pure.
#pragma once

#include <hvc/error.hpp>
#include <hvc/model.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace hvc::tools {

/// Also the exit code of a plugin.
enum class plugin_state : int { ok = 0, warning = 1, critical = 2, unknown = 3 };
[[nodiscard]] std::string_view to_string(plugin_state s) noexcept;

/// How old a last sync may be; any age, where it is not set.
struct age_limits {
  std::optional<std::chrono::seconds> warning{};
  std::optional<std::chrono::seconds> critical{};
};

struct verdict {
  plugin_state state = plugin_state::unknown;
  std::string text{};                        // of one line, with no '|' in it
  std::optional<std::chrono::seconds> age{}; // of the last sync
};

/// `name` is how the provider is called. `now` is the server's clock: nothing if it did not tell.
[[nodiscard]] verdict judge(std::string_view name, sync_info const& info, std::optional<date_time> now,
                            age_limits const& limits);
/// Of what could not be asked. Always UNKNOWN: nobody knows how the provider stands.
[[nodiscard]] verdict judge(std::string_view name, error const& e);

/// `HVC OK - L/P SUCCEEDED 120 s ago | age=120s;900;3600;0`
[[nodiscard]] std::string plugin_line(verdict const& v, age_limits const& limits);
/// What went wrong before anything could be asked: `HVC UNKNOWN - text`.
[[nodiscard]] std::string plugin_complaint(std::string_view text);

/// The worst first: CRITICAL, UNKNOWN, WARNING, OK; among equals the oldest, then as they came.
void sort_by_urgency(std::vector<verdict>& verdicts);
/// Of many, sorted by urgency: a line with the sum and the worst of them, its figures, and a line for each.
[[nodiscard]] std::string plugin_report(std::vector<verdict> const& sorted, age_limits const& limits);
/// Of many, sorted by urgency; UNKNOWN where there are none.
[[nodiscard]] plugin_state overall(std::vector<verdict> const& sorted) noexcept;

} // namespace hvc::tools
