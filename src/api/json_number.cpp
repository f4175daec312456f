#include "api/json_number.hpp"

#include <charconv>
#include <cmath>

namespace hvc::json {
namespace {

// A number as digits and a power of ten: "-12.50e3" is -, 12, 50, 3.
struct parts {
  bool negative = false;
  std::string_view whole;
  std::string_view fraction;
  std::int64_t exponent = 0; // saturates far beyond anything that matters
};

constexpr std::int64_t huge_exponent = std::int64_t(1) << 40;

std::int64_t saturated_exponent(std::string_view text) noexcept {
  bool const negative = text.front() == '-';
  if (negative || text.front() == '+')
    text.remove_prefix(1);
  std::int64_t value = 0;
  for (char const digit : text)
    value = value >= huge_exponent ? huge_exponent : value * 10 + (digit - '0');
  return negative ? -value : value;
}

parts take_apart(std::string_view number) noexcept {
  parts result;
  result.negative = number.front() == '-';
  if (result.negative)
    number.remove_prefix(1);
  auto const exponent = number.find_first_of("eE");
  if (exponent != std::string_view::npos) {
    result.exponent = saturated_exponent(number.substr(exponent + 1));
    number = number.substr(0, exponent);
  }
  auto const point = number.find('.');
  result.whole = number.substr(0, point);
  if (point != std::string_view::npos)
    result.fraction = number.substr(point + 1);
  return result;
}

void strip_trailing_zeros(std::string_view& digits) noexcept {
  auto const last = digits.find_last_not_of('0');
  digits = digits.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

bool all_zero(parts const& number) noexcept {
  return number.whole.find_first_not_of('0') == std::string_view::npos &&
         number.fraction.find_first_not_of('0') == std::string_view::npos;
}

// Collects decimal digits up to the magnitude of the least int64.
class magnitude {
public:
  bool append(int digit) noexcept {
    auto const d = static_cast<std::uint64_t>(digit);
    if (value_ > (limit - d) / 10)
      return false;
    value_ = value_ * 10 + d;
    return true;
  }
  bool append(std::string_view digits) noexcept {
    for (char const digit : digits)
      if (!append(digit - '0'))
        return false;
    return true;
  }
  [[nodiscard]] std::optional<std::int64_t> with_sign(bool negative) const noexcept {
    if (negative)
      return static_cast<std::int64_t>(0 - value_);
    if (value_ == limit)
      return std::nullopt;
    return static_cast<std::int64_t>(value_);
  }

private:
  static constexpr std::uint64_t limit = std::uint64_t(1) << 63;
  std::uint64_t value_ = 0;
};

std::optional<std::int64_t> integer_valued(parts number) noexcept {
  if (all_zero(number))
    return 0;
  // As digits without trailing zeros, times a power of ten; a negative power is then a fraction for certain.
  strip_trailing_zeros(number.fraction);
  std::int64_t power = number.exponent - static_cast<std::int64_t>(number.fraction.size());
  if (number.fraction.empty()) {
    auto const length = number.whole.size();
    strip_trailing_zeros(number.whole);
    power += static_cast<std::int64_t>(length - number.whole.size());
  }
  if (power < 0)
    return std::nullopt;
  magnitude value;
  if (!value.append(number.whole) || !value.append(number.fraction))
    return std::nullopt;
  for (; power > 0; --power) // ends after 19 steps at most: the value is not zero
    if (!value.append(0))
      return std::nullopt;
  return value.with_sign(number.negative);
}

} // namespace

std::optional<std::int64_t> to_int64(std::string_view number) noexcept {
  std::int64_t value = 0;
  auto const [end, failure] = std::from_chars(number.data(), number.data() + number.size(), value);
  if (end == number.data() + number.size())
    return failure == std::errc() ? std::optional(value) : std::nullopt;
  return integer_valued(take_apart(number));
}

std::optional<double> to_double(std::string_view number) noexcept {
  double value = 0;
  auto const [end, failure] = std::from_chars(number.data(), number.data() + number.size(), value);
  if (failure != std::errc() || end != number.data() + number.size() || !std::isfinite(value))
    return std::nullopt;
  if (value == 0 && !all_zero(take_apart(number)))
    return std::nullopt;
  return value;
}

} // namespace hvc::json
