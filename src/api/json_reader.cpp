#include "api/json_reader.hpp"

#include "api/json_number.hpp"

#include <algorithm>
#include <cfloat>
#include <iterator>

namespace hvc::json {
namespace {

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

// The end of the digits that begin at `p`, which become the last ones of `value`; so few that it does not overflow.
char const* add_digits(char const* p, char const* stop, std::int64_t& value) noexcept {
  for (; p != stop; ++p) {
    auto const digit = static_cast<unsigned char>(*p - '0');
    if (digit > 9)
      break;
    value = value * 10 + digit;
  }
  return p;
}

bool starts_with_bom(std::string_view text) noexcept {
  using namespace std::string_view_literals;
  return text.starts_with("\xEF\xBB\xBF"sv) || text.starts_with("\xFE\xFF"sv) || text.starts_with("\xFF\xFE"sv) ||
         text.starts_with("\x00\x00\xFE\xFF"sv);
}

} // namespace

reader::reader(std::string_view text, unsigned depth_limit, mode how) noexcept
    : begin_(text.data()), position_(begin_), end_(begin_ + text.size()),
      depth_limit_(std::min(depth_limit, deepest_nesting)), mode_(how) {}

bool reader::begin() {
  // RFC 8259, section 8.1: no byte order mark is added; a parser may refuse one.
  if (starts_with_bom({begin_, static_cast<std::size_t>(end_ - begin_)}))
    return set(error_kind::decode, "bom", "begins with a byte order mark", begin_);
  skip_space();
  return position_ != end_ || set(error_kind::content, "empty", "holds nothing", begin_);
}

bool reader::finish() {
  skip_space();
  return position_ == end_ || syntax("expected the end of the document");
}

void reader::skip_spaces() noexcept {
  while (is_space(peek()))
    ++position_;
}

reader::step reader::not_entered(char open, std::string_view expected) {
  if (peek() == open)
    too_deep();
  else
    mismatch(expected);
  return step::failed;
}

reader::step reader::next_after_space(char close, std::string_view expected) {
  if (is_space(peek())) {
    skip_spaces();
    return next(close, expected);
  }
  syntax(expected);
  return step::failed;
}

bool reader::boolean(bool& out) {
  skip_space();
  out = literal("true");
  return out || literal("false") || mismatch("expected true or false");
}

// Digits alone, as nearly all integers are written, and too few to overflow.
bool reader::short_integer(std::int64_t& out) noexcept {
  constexpr std::ptrdiff_t most_digits = 18;
  auto const* const stop = end_ - position_ > most_digits ? position_ + most_digits : end_;
  std::int64_t value = 0;
  auto const* const p = add_digits(position_, stop, value);
  if (p == position_ || p == stop || *p == '.' || (*p | 0x20) == 'e' || (*position_ == '0' && p - position_ > 1))
    return false;
  out = value;
  position_ = p;
  return true;
}

bool reader::integer(std::int64_t& out) {
  if (short_integer(out))
    return true;
  auto const value_begins = here();
  if (short_integer(out))
    return true;
  if (peek() != '-' && !is_digit(peek()))
    return mismatch("expected an integer");
  std::string_view digits;
  if (!scan_number(digits))
    return false;
  auto const value = to_int64(digits);
  if (!value)
    return fail_at(value_begins, "number", "expected an integer of 64 bits");
  out = *value;
  return true;
}

// So few digits that they, as an integer, and the power of ten below them are doubles exactly: then one division is the
// nearest double to what is written (Clinger, "How to read floating point numbers accurately", 1990). Not where a
// quotient is rounded twice, as on the x87.
bool reader::short_decimal(double& out) noexcept {
  if (FLT_EVAL_METHOD != 0)
    return false;
  static constexpr double powers_of_ten[] = {1,   1e1, 1e2,  1e3,  1e4,  1e5,  1e6, 1e7,
                                             1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14};
  constexpr std::ptrdiff_t most_digits = 15;       // less than 2^53, and at least one is before the point
  constexpr std::ptrdiff_t most = most_digits + 2; // with the point, and a byte that ends the number
  auto const* const stop = end_ - position_ > most ? position_ + most : end_;
  std::int64_t value = 0;
  auto const* const point = add_digits(position_, stop, value);
  if (point == position_ || point == stop || *point != '.' || (*position_ == '0' && point - position_ > 1))
    return false;
  auto const* const p = add_digits(point + 1, stop, value);
  if (p == point + 1 || p == stop || (*p | 0x20) == 'e')
    return false;
  out = static_cast<double>(value) / powers_of_ten[p - point - 1];
  position_ = p;
  return true;
}

bool reader::number(double& out) {
  if (short_decimal(out))
    return true;
  auto const value_begins = here();
  if (peek() != '-' && !is_digit(peek()))
    return mismatch("expected a number");
  std::string_view digits;
  if (!scan_number(digits))
    return false;
  auto const value = to_double(digits);
  if (!value)
    return fail_at(value_begins, "number", "expected a number within the range of a double");
  out = *value;
  return true;
}

bool reader::skip_digits() noexcept {
  auto const* const first = position_;
  while (is_digit(peek()))
    ++position_;
  return position_ != first;
}

// RFC 8259, section 6.
bool reader::scan_number(std::string_view& out) {
  auto const* const first = position_;
  take('-');
  if (!take('0') && !skip_digits())
    return syntax("expected a digit");
  if (take('.') && !skip_digits())
    return syntax("expected a digit after the point");
  if (take('e') || take('E')) {
    if (!take('-'))
      take('+');
    if (!skip_digits())
      return syntax("expected a digit in the exponent");
  }
  out = {first, static_cast<std::size_t>(position_ - first)};
  return true;
}

} // namespace hvc::json
