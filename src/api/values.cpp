#include "api/values.hpp"

#include <hvc/codec.hpp>

namespace hvc::json {

bool read(reader& in, date_time& out) {
  constexpr auto usual_size = std::string_view("2026-03-14T09:26:53.589Z").size(); // others are read below
  if (in.take_text(usual_size, [&out](std::string_view text) { return parse(text, out); }))
    return true;
  auto const begin = in.here();
  std::string_view text;
  if (!in.text(text))
    return false;
  return parse(text, out) || in.fail_at(begin, "time", "expected a date-time (RFC 3339)");
}

void write(writer& to, date_time value) { to.string(format_date_time(value)); }

} // namespace hvc::json
