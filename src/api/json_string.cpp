// The strings of json::reader: scanned eight bytes at a time while they are plain ASCII, validated as UTF-8 where not,
// and copied once, into where they are to live.
#include "api/json_reader.hpp"

#include "api/json_plain.hpp"
#include "api/utf8.hpp"
#include "hex.hpp"

#include <cstring>

namespace hvc::json {
namespace {

// The next quote with an even number of backslashes before it; or the end.
char const* closing_quote(char const* begin, char const* end) noexcept {
  for (auto const* p = begin; p != end; ++p) {
    p = static_cast<char const*>(std::memchr(p, '"', static_cast<std::size_t>(end - p)));
    if (p == nullptr)
      break;
    auto const* escapes = p;
    while (escapes != begin && escapes[-1] == '\\')
      --escapes;
    if ((p - escapes) % 2 == 0)
      return p;
  }
  return end;
}

} // namespace

inline bool reader::scan_plain() {
  position_ = end_of_plain(position_, end_);
  return (position_ != end_ && (*position_ == '"' || *position_ == '\\')) || scan_further();
}

// From a byte that is not plain, nor the end of the run.
bool reader::scan_further() {
  for (;; position_ = end_of_plain(position_, end_)) {
    if (position_ == end_)
      return syntax("expected the end of a string");
    if (*position_ == '"' || *position_ == '\\')
      return true;
    if (static_cast<unsigned char>(*position_) < 0x20)
      return syntax("control character in a string");
    auto const length = utf8_length(position_, end_);
    if (length == 0)
      return set(error_kind::decode, "utf8", "malformed UTF-8", position_);
    position_ += length;
  }
}

bool reader::string(std::string& out) {
  if (!at('"'))
    return mismatch("expected a string");
  auto const* const run = ++position_;
  if (!scan_plain())
    return false;
  auto const* const end = position_;
  if (*end != '"')
    return string_with_escapes(out, run);
  position_ = end + 1; // before the copy: what comes next waits for it
  out.assign(run, static_cast<std::size_t>(end - run));
  return true;
}

// As long as the string is in the document, it fits: no escape is shorter than what it stands for.
bool reader::string_with_escapes(std::string& out, char const* run) {
  out.reserve(static_cast<std::size_t>(closing_quote(position_, end_) - run));
  out.assign(run, static_cast<std::size_t>(position_ - run));
  while (*position_ == '\\') {
    if (!escape(&out))
      return false;
    run = position_;
    if (!scan_plain())
      return false;
    out.append(run, position_);
  }
  ++position_;
  return true;
}

bool reader::text(std::string_view& out) {
  if (!at('"'))
    return mismatch("expected a string");
  auto const* const first = position_ + 1;
  position_ = first;
  if (!scan_plain())
    return false;
  if (auto const* const end = position_; *end == '"') {
    position_ = end + 1;
    out = {first, static_cast<std::size_t>(end - first)};
    return true;
  }
  position_ = first - 1;
  if (!string(unescaped_))
    return false;
  out = unescaped_;
  return true;
}

bool reader::name(std::string_view& out) {
  if (!at('"'))
    return syntax("expected a member name");
  return text(out) && colon();
}

bool reader::name(std::string& out) {
  if (!at('"'))
    return syntax("expected a member name");
  return string(out) && colon();
}

bool reader::skip_string() {
  ++position_; // the quote
  return skip_rest_of_string();
}

// From anywhere in it but the middle of an escape.
bool reader::skip_rest_of_string() {
  for (;;) {
    if (!scan_plain()) {
      if (!pass_malformed())
        return false;
    } else if (take('"')) {
      return true;
    } else if (!escape(nullptr)) {
      return false;
    }
  }
}

// The byte that a scan has stopped at.
bool reader::pass_malformed() { return mode_ == mode::careless && problem_.reason == "utf8" && advance(1); }

// RFC 8259, section 7. Appends to `to` unless it is null.
bool reader::escape(std::string* to) {
  ++position_; // the backslash
  if (auto const i = escape_letters.find(peek()); i != std::string_view::npos && position_ != end_) {
    ++position_;
    if (to)
      to->push_back(escape_meanings[i]);
    return true;
  }
  if (!take('u'))
    return syntax("unknown escape in a string");
  auto const* const digits = position_;
  unsigned code = 0;
  if (!hex4(code))
    return false;
  if (is_high_surrogate(code)) {
    unsigned low = 0;
    if (!literal("\\u"))
      return lone_surrogate(digits);
    if (!hex4(low))
      return false;
    if (!is_low_surrogate(low))
      return lone_surrogate(digits);
    code = code_point(code, low);
  } else if (is_low_surrogate(code)) {
    return lone_surrogate(digits);
  }
  if (to)
    append_utf8(*to, code);
  return true;
}

bool reader::lone_surrogate(char const* digits) {
  return mode_ == mode::careless || set(error_kind::decode, "utf8", "lone surrogate in a string", digits);
}

bool reader::hex4(unsigned& out) {
  out = 0;
  for (int i = 0; i < 4; ++i) {
    int const digit = hex_value(peek());
    if (digit < 0)
      return syntax("expected four hexadecimal digits");
    out = out << 4 | static_cast<unsigned>(digit);
    ++position_;
  }
  return true;
}

} // namespace hvc::json
