#include "value_hash.hpp"

#include <algorithm>
#include <cstdio>
#include <string_view>
#include <vector>

namespace bench {

namespace {

class lines {
public:
  void add(std::string const& path, std::string_view value) {
    lines_.push_back(path + "=" + std::string(value) + "\n");
  }
  void add(std::string const& path, std::int64_t value) { add(path, std::to_string(value)); }
  void add(std::string const& path, hvc::date_time value) {
    add(path, static_cast<std::int64_t>(value.time_since_epoch().count()));
  }
  void add(std::string const& path, double value) {
    char text[40];
    std::snprintf(text, sizeof text, "%.17g", value);
    add(path, std::string_view(text));
  }
  template <class E> void add(std::string const& path, hvc::open_enum<E> const& value) { add(path, value.name()); }
  template <class T> void add(std::string const& path, std::optional<T> const& value) {
    if (value)
      add(path, *value);
  }

  void add(std::string const& path, hvc::localization_params const& params) {
    for (auto const& [name, p] : params) {
      std::string const at = path + "." + name;
      add(at + ".s", p.s);
      add(at + ".dt", p.dt);
      add(at + ".i", p.i);
      add(at + ".d", p.d);
      add(at + ".format", p.format);
      add(at + ".precision", p.precision);
      if (p.l) {
        add(at + ".l.id", p.l->id);
        add(at + ".l.params", p.l->params);
      }
    }
  }

  void add(std::string const& path, hvc::localizable_message const& m) {
    add(path + ".id", m.id);
    add(path + ".default_message", m.default_message);
    for (std::size_t i = 0; i != m.args.size(); ++i)
      add(path + ".args." + std::to_string(i), m.args[i]);
    add(path + ".params", m.params);
    add(path + ".localized", m.localized);
  }

  void add(std::string const& path, hvc::session_info const& s) {
    add(path + ".stage", s.stage);
    add(path + ".completed_work", s.completed_work);
    add(path + ".total_work", s.total_work);
    add(path + ".start_time", s.start_time);
    add(path + ".completion_time", s.completion_time);
    add(path + ".exception", s.exception);
  }

  [[nodiscard]] std::uint64_t hash() {
    std::sort(lines_.begin(), lines_.end());
    std::uint64_t h = 0xcbf29ce484222325;
    for (auto const& line : lines_)
      for (char const c : line)
        h = (h ^ static_cast<unsigned char>(c)) * 0x100000001b3;
    return h;
  }

private:
  std::vector<std::string> lines_;
};

} // namespace

std::uint64_t value_hash(hvc::sync_info const& info) {
  lines all;
  all.add("last_sync_time", info.last_sync_time);
  all.add("status", info.status);
  all.add("polling_interval_in_seconds", info.polling_interval_in_seconds);
  all.add("current_session_info", info.current_session_info);
  all.add("status_message", info.status_message);
  return all.hash();
}

std::string hash_text(std::uint64_t hash) {
  char text[17];
  std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(hash));
  return text;
}

} // namespace bench
