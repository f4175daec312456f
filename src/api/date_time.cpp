// RFC 3339 date-times. No locale, no time zone but UTC, no clock.
#include "api/values.hpp"

#include <hvc/codec.hpp>

namespace hvc {
namespace {

using namespace std::chrono;

// The years the API can name: from 0000 to 9999, in UTC.
constexpr date_time earliest = sys_days(year(0) / 1 / 1);
constexpr date_time latest = sys_days(year(10000) / 1 / 1) - microseconds(1);

// The digits at fixed places that a date-time begins with; what is no digit is remembered.
class fixed_fields {
public:
  explicit fixed_fields(std::string_view text) noexcept : text_(text) {}
  int two_digits(std::size_t place) noexcept {
    auto const tens = static_cast<unsigned>(text_[place] - '0');
    auto const ones = static_cast<unsigned>(text_[place + 1] - '0');
    bad_ |= unsigned(tens > 9) | unsigned(ones > 9); // looked at once, at the end
    return static_cast<int>(tens * 10 + ones);
  }
  [[nodiscard]] bool all_digits() const noexcept { return bad_ == 0; }

private:
  std::string_view text_;
  unsigned bad_ = 0;
};

// What follows the seconds (RFC 3339, section 5.6): a fraction of any length, and an offset.
class tail {
public:
  explicit tail(std::string_view text) noexcept : rest_(text) {}

  // Of the digits, the first six count.
  microseconds fraction() noexcept {
    if (!take('.'))
      return microseconds(0);
    constexpr int scales[] = {100'000, 10'000, 1'000, 100, 10, 1};
    int value = 0;
    std::size_t count = 0;
    for (; count < rest_.size() && rest_[count] >= '0' && rest_[count] <= '9'; ++count)
      if (count < std::size(scales))
        value += (rest_[count] - '0') * scales[count];
    good_ = good_ && count != 0;
    rest_.remove_prefix(count);
    return microseconds(value);
  }

  minutes offset() noexcept {
    if (take('Z') || take('z'))
      return minutes(0);
    constexpr std::size_t length = 6; // +00:00
    if (rest_.size() != length || (rest_[0] != '+' && rest_[0] != '-') || rest_[3] != ':') {
      good_ = false;
      return minutes(0);
    }
    fixed_fields at(rest_);
    int const h = at.two_digits(1);
    int const m = at.two_digits(4);
    good_ = good_ && at.all_digits() && h < 24 && m < 60;
    bool const west = rest_[0] == '-';
    rest_ = {};
    return minutes(west ? -(h * 60 + m) : h * 60 + m);
  }

  [[nodiscard]] bool good_to_the_end() const noexcept { return good_ && rest_.empty(); }

private:
  bool take(char c) noexcept {
    if (!rest_.starts_with(c))
      return false;
    rest_.remove_prefix(1);
    return true;
  }

  std::string_view rest_;
  bool good_ = true;
};

// In decimal digits, as many as there are places.
void put(std::int64_t value, char* begin, std::size_t places) noexcept {
  for (; places != 0; value /= 10)
    begin[--places] = static_cast<char>('0' + value % 10);
}

} // namespace

bool json::parse(std::string_view text, date_time& out) noexcept {
  constexpr std::string_view shape = "0000-00-00T00:00:00Z";
  if (text.size() < shape.size())
    return false;
  fixed_fields at(text);
  int const y = at.two_digits(0) * 100 + at.two_digits(2);
  int const m = at.two_digits(5);
  int const d = at.two_digits(8);
  int const h = at.two_digits(11);
  int const min = at.two_digits(14);
  int const s = at.two_digits(17);
  bool const marks =
      text[4] == '-' && text[7] == '-' && (text[10] == 'T' || text[10] == 't') && text[13] == ':' && text[16] == ':';
  tail rest(text.substr(19));
  auto const fraction = rest.fraction();
  auto const offset = rest.offset();
  auto const date = year(y) / m / d;
  if (!at.all_digits() || !marks || !rest.good_to_the_end() || !date.ok() || h > 23 || min > 59 || s > 60)
    return false;
  auto const whole = sys_days(date) + hours(h) + minutes(min) + seconds(s) - offset;
  // A leap second ends a day in UTC (section 5.7); without a name of its own here, it is the first of the next day.
  if (s == 60 && floor<days>(whole) != whole)
    return false;
  out = whole + fraction;
  return out >= earliest && out <= latest;
}

std::optional<date_time> parse_date_time(std::string_view text) noexcept {
  date_time time;
  return json::parse(text, time) ? std::optional(time) : std::nullopt;
}

std::string format_date_time(date_time time) {
  time = time < earliest ? earliest : time > latest ? latest : time;
  auto const day_begins = floor<days>(time);
  year_month_day const date(day_begins);
  hh_mm_ss const clock(time - day_begins);
  char text[] = "0000-00-00T00:00:00.000000Z";
  put(int(date.year()), text, 4);
  put(unsigned(date.month()), text + 5, 2);
  put(unsigned(date.day()), text + 8, 2);
  put(clock.hours().count(), text + 11, 2);
  put(clock.minutes().count(), text + 14, 2);
  put(clock.seconds().count(), text + 17, 2);
  auto const micros = clock.subseconds().count();
  if (micros % 1000 != 0) {
    put(micros, text + 20, 6);
    return text;
  }
  put(micros / 1000, text + 20, 3);
  text[23] = 'Z';
  return {text, 24};
}

} // namespace hvc
