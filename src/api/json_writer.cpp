#include "api/json_writer.hpp"

#include "api/json_plain.hpp"
#include "api/utf8.hpp"
#include "hex.hpp"

#include <charconv>
#include <cmath>

namespace hvc::json {
namespace {

// What RFC 8259, section 7, requires to be escaped, and no more.
void append_escaped(std::string& to, char c) {
  constexpr std::string_view letters = "\"\\\b\f\n\r\t";
  constexpr std::string_view escapes = "\"\\bfnrt";
  to.push_back('\\');
  if (auto const i = letters.find(c); i != std::string_view::npos) {
    to.push_back(escapes[i]);
    return;
  }
  auto const byte = static_cast<unsigned char>(c);
  to.append("u00");
  to.push_back(hex_digits[byte >> 4U]);
  to.push_back(hex_digits[byte & 0xFU]);
}

} // namespace

void writer::separate() {
  if (out_.empty())
    return;
  char const last = out_.back();
  if (last != '{' && last != '[' && last != ':')
    out_.push_back(',');
}

void writer::open(char bracket) {
  separate();
  out_.push_back(bracket);
}

void writer::name(std::string_view text) {
  separate();
  quoted(text);
  out_.push_back(':');
}

void writer::quoted_name(std::string_view text) {
  separate();
  out_.append(text);
}

void writer::string(std::string_view text) {
  separate();
  quoted(text);
}

void writer::quoted(std::string_view text) {
  out_.push_back('"');
  auto const* p = text.data();
  auto const* const end = p + text.size();
  while (p != end) {
    auto const* const run = p;
    p = end_of_plain(p, end);
    out_.append(run, p);
    if (p == end)
      break;
    auto const length = utf8_length(p, end);
    if (length > 1)
      out_.append(p, length);
    else if (length == 1)
      append_escaped(out_, *p);
    else
      out_.append("\xEF\xBF\xBD"); // U+FFFD
    p += length == 0 ? 1 : length;
  }
  out_.push_back('"');
}

void writer::integer(std::int64_t value) {
  separate();
  char text[24];
  auto const end = std::to_chars(text, text + sizeof text, value).ptr;
  out_.append(text, end);
}

void writer::number(double value) {
  if (!std::isfinite(value))
    return raw("null");
  separate();
  char text[32];
  auto const end = std::to_chars(text, text + sizeof text, value).ptr;
  out_.append(text, end);
}

void writer::raw(std::string_view json) {
  separate();
  out_.append(json);
}

} // namespace hvc::json
