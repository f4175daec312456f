// A cursor over the text and three short descriptions, one a form.
#include "http/http_date.hpp"

#include "http/grammar.hpp"

#include <algorithm>
#include <iterator>

namespace hvc::http {

namespace {

constexpr std::string_view months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::string_view short_days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
constexpr std::string_view long_days[] = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};

struct civil_time {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  unsigned hour = 0;
  unsigned minute = 0;
  unsigned second = 0;
};

// Takes what it is asked for off the front of a text; once something was not there, everything fails.
class cursor {
public:
  explicit cursor(std::string_view text) noexcept : rest_(text) {}

  [[nodiscard]] bool at_end() const noexcept { return ok_ && rest_.empty(); }

  void literal(std::string_view wanted) noexcept {
    ok_ = ok_ && rest_.starts_with(wanted);
    if (ok_)
      rest_.remove_prefix(wanted.size());
  }

  [[nodiscard]] unsigned number(std::size_t digits) noexcept {
    std::string_view const text = rest_.substr(0, digits);
    ok_ = ok_ && text.size() == digits && std::all_of(text.begin(), text.end(), grammar::is_digit);
    if (!ok_)
      return 0;
    unsigned value = 0;
    for (char const c : text)
      value = value * 10 + static_cast<unsigned>(c - '0');
    rest_.remove_prefix(digits);
    return value;
  }

  // asctime pads the day with a space.
  [[nodiscard]] unsigned padded_day() noexcept {
    if (!rest_.starts_with(' '))
      return number(2);
    rest_.remove_prefix(1);
    return number(1);
  }

  // The position of the name that stands here, counted from 1.
  template <std::size_t N> [[nodiscard]] unsigned name(std::string_view const (&names)[N]) noexcept {
    auto const found = std::find_if(std::begin(names), std::end(names), [&](auto n) { return rest_.starts_with(n); });
    ok_ = ok_ && found != std::end(names);
    if (!ok_)
      return 0;
    rest_.remove_prefix(found->size());
    return static_cast<unsigned>(found - std::begin(names)) + 1;
  }

  void time_of_day(civil_time& t) noexcept {
    t.hour = number(2);
    literal(":");
    t.minute = number(2);
    literal(":");
    t.second = number(2);
  }

private:
  std::string_view rest_;
  bool ok_ = true;
};

std::optional<std::chrono::sys_seconds> to_time(civil_time const& t) noexcept {
  using namespace std::chrono;
  year_month_day const date{year{t.year}, month{t.month}, day{t.day}};
  if (!date.ok() || t.hour > 23 || t.minute > 59 || t.second > 60) // 60: a leap second
    return std::nullopt;
  return sys_days{date} + hours{t.hour} + minutes{t.minute} + seconds{t.second};
}

// Sun, 06 Nov 1994 08:49:37 GMT
std::optional<civil_time> parse_imf_fixdate(std::string_view value) noexcept {
  cursor c{value};
  civil_time t;
  (void)c.name(short_days);
  c.literal(", ");
  t.day = c.number(2);
  c.literal(" ");
  t.month = c.name(months);
  c.literal(" ");
  t.year = static_cast<int>(c.number(4));
  c.literal(" ");
  c.time_of_day(t);
  c.literal(" GMT");
  return c.at_end() ? std::optional{t} : std::nullopt;
}

// Sunday, 06-Nov-94 08:49:37 GMT
std::optional<civil_time> parse_rfc_850(std::string_view value) noexcept {
  cursor c{value};
  civil_time t;
  (void)c.name(long_days);
  c.literal(", ");
  t.day = c.number(2);
  c.literal("-");
  t.month = c.name(months);
  c.literal("-");
  t.year = static_cast<int>(c.number(2));
  c.literal(" ");
  c.time_of_day(t);
  c.literal(" GMT");
  return c.at_end() ? std::optional{t} : std::nullopt;
}

// Sun Nov  6 08:49:37 1994
std::optional<civil_time> parse_asctime(std::string_view value) noexcept {
  cursor c{value};
  civil_time t;
  (void)c.name(short_days);
  c.literal(" ");
  t.month = c.name(months);
  c.literal(" ");
  t.day = c.padded_day();
  c.literal(" ");
  c.time_of_day(t);
  c.literal(" ");
  t.year = static_cast<int>(c.number(4));
  return c.at_end() ? std::optional{t} : std::nullopt;
}

// RFC 9110 section 5.6.7: a date that would lie more than 50 years ahead lies in the past.
std::optional<std::chrono::sys_seconds> in_likely_century(civil_time t, std::chrono::sys_seconds now) noexcept {
  using namespace std::chrono;
  year_month_day const today{floor<days>(now)};
  int const this_year = static_cast<int>(today.year());
  t.year += this_year - this_year % 100 + 100;
  year_month_day const horizon{today.year() + years{50}, today.month(), today.day()};
  sys_seconds const latest = sys_days{horizon} + (now - floor<days>(now));
  for (int centuries = 0; centuries < 3; ++centuries, t.year -= 100) {
    std::optional<sys_seconds> const time = to_time(t);
    if (time && *time <= latest)
      return time;
  }
  return std::nullopt;
}

} // namespace

std::optional<std::chrono::sys_seconds> parse_http_date(std::string_view value, std::chrono::sys_seconds now) noexcept {
  if (auto const t = parse_imf_fixdate(value))
    return to_time(*t);
  if (auto const t = parse_rfc_850(value))
    return in_likely_century(*t, now);
  if (auto const t = parse_asctime(value))
    return to_time(*t);
  return std::nullopt;
}

} // namespace hvc::http
