#include "check_verdict.hpp"

#include "change_text.hpp"
#include "text.hpp"

#include <algorithm>
#include <array>

namespace hvc::tools {

namespace {

// Behind '|' a plugin's figures begin, so no text before it may hold one.
std::string plain(std::string_view text) {
  std::string line = printable(text);
  std::replace(line.begin(), line.end(), '|', '?');
  return line;
}

bool exceeds(std::chrono::seconds age, std::optional<std::chrono::seconds> limit) noexcept {
  return limit && age > *limit; // a range of the plugins' guidelines: "900" is fine from 0 to 900
}

plugin_state state_of(sync_status s, std::optional<std::chrono::seconds> age, age_limits const& limits) noexcept {
  switch (s) {
  case sync_status::failed:
    return plugin_state::critical;
  case sync_status::no_sync_found:
    return plugin_state::warning;
  case sync_status::unknown:
    return plugin_state::unknown;
  case sync_status::succeeded:
    break;
  }
  if (!age)
    return plugin_state::unknown;
  if (exceeds(*age, limits.critical))
    return plugin_state::critical;
  return exceeds(*age, limits.warning) ? plugin_state::warning : plugin_state::ok;
}

// How old the last sync is, or why nobody knows.
std::optional<std::chrono::seconds> age_of(sync_info const& info, std::optional<date_time> now, std::string& why_not) {
  if (!info.last_sync_time) {
    why_not = "no time of a last sync";
    return std::nullopt;
  }
  if (!now) {
    why_not = "the server does not tell the time (no Date in its reply)";
    return std::nullopt;
  }
  auto const age = std::chrono::floor<std::chrono::seconds>(*now - *info.last_sync_time);
  // Date counts whole seconds, so a sync that has just started may seem to lie one ahead.
  constexpr std::chrono::seconds rounding{2};
  if (age < -rounding) {
    why_not = "the last sync lies " + std::to_string(-age.count()) + " s ahead of the server's own clock";
    return std::nullopt;
  }
  return std::max(age, std::chrono::seconds(0));
}

std::string limit_text(std::optional<std::chrono::seconds> limit) {
  return limit ? std::to_string(limit->count()) : std::string();
}

// 'label'=value[UOM];warn;crit;min, as the Monitoring Plugins' guidelines have it.
std::string age_figure(std::chrono::seconds age, age_limits const& limits) {
  return "age=" + std::to_string(age.count()) + "s;" + limit_text(limits.warning) + ";" + limit_text(limits.critical) +
         ";0";
}

std::size_t count_of(plugin_state s, std::vector<verdict> const& verdicts) {
  return static_cast<std::size_t>(
      std::count_if(verdicts.begin(), verdicts.end(), [s](verdict const& v) { return v.state == s; }));
}

// The worst first.
constexpr std::array all_states{plugin_state::critical, plugin_state::unknown, plugin_state::warning, plugin_state::ok};

auto place_of(plugin_state s) noexcept { return std::find(all_states.begin(), all_states.end(), s); }

std::string headed(plugin_state s, std::string_view text) {
  return std::string("HVC ").append(to_string(s)).append(" - ").append(text);
}

} // namespace

std::string_view to_string(plugin_state s) noexcept {
  constexpr std::array<std::string_view, 4> names{"OK", "WARNING", "CRITICAL", "UNKNOWN"};
  return names[static_cast<std::size_t>(s)];
}

verdict judge(std::string_view name, sync_info const& info, std::optional<date_time> now, age_limits const& limits) {
  verdict v;
  std::string why_not;
  v.age = age_of(info, now, why_not);
  v.state = state_of(info.status, v.age, limits);
  v.text.append(plain(name)).append(" ").append(plain(info.status.name()));
  bool const running = is_under_way(info); // then the status is of the sync before, and the time of this one
  std::string const ago = v.age ? std::to_string(v.age->count()) + " s ago" : std::string();
  if (v.age && !running)
    v.text.append(" ").append(ago);
  else if (!v.age && info.status == sync_status::succeeded)
    v.text.append(", but nobody knows when: ").append(why_not);
  if (info.status == sync_status::unknown)
    v.text.append(", a status this program does not know");
  if (running)
    v.text.append(v.age ? ", the next one began " + ago : ", the next one is under way")
        .append(" (")
        .append(plain(info.current_session_info->stage.name()))
        .append(")");
  if (info.status == sync_status::failed && info.status_message)
    v.text.append(": ").append(plain(info.status_message->text()));
  return v;
}

verdict judge(std::string_view name, error const& e) {
  return {plugin_state::unknown, plain(name) + " " + plain(e.message()), std::nullopt};
}

std::string plugin_line(verdict const& v, age_limits const& limits) {
  std::string line = headed(v.state, v.text);
  if (v.age)
    line += " | " + age_figure(*v.age, limits);
  return line + "\n";
}

std::string plugin_complaint(std::string_view text) { return headed(plugin_state::unknown, plain(text)) + "\n"; }

void sort_by_urgency(std::vector<verdict>& verdicts) {
  std::stable_sort(verdicts.begin(), verdicts.end(), [](verdict const& a, verdict const& b) {
    return a.state != b.state ? place_of(a.state) < place_of(b.state) : a.age > b.age;
  });
}

std::string plugin_report(std::vector<verdict> const& sorted, age_limits const& limits) {
  if (sorted.empty())
    return plugin_complaint("there is no provider");
  std::string counts;
  std::string figures;
  for (plugin_state const s : all_states) {
    std::string name(to_string(s));
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    std::string const n = std::to_string(count_of(s, sorted));
    counts.append(counts.empty() ? "" : ", ").append(n).append(" ").append(name);
    figures.append(" ").append(name).append("=").append(n).append(";;;0;").append(std::to_string(sorted.size()));
  }
  auto const oldest =
      std::max_element(sorted.begin(), sorted.end(), [](verdict const& a, verdict const& b) { return a.age < b.age; });
  std::string text = headed(sorted.front().state, counts);
  if (sorted.front().state != plugin_state::ok)
    text.append(": ").append(sorted.front().text);
  text.append(" |");
  if (oldest->age)
    text.append(" ").append(age_figure(*oldest->age, limits));
  text.append(figures).append("\n");
  for (verdict const& v : sorted)
    text.append(to_string(v.state)).append(" - ").append(v.text).append("\n");
  return text;
}

plugin_state overall(std::vector<verdict> const& sorted) noexcept {
  return sorted.empty() ? plugin_state::unknown : sorted.front().state;
}

} // namespace hvc::tools
