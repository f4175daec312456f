// Bytes are encoded as they are, without any normalisation: an id that is no UTF-8 comes back as it went.
#include "http/path_segment.hpp"

#include "hex.hpp"
#include "http/grammar.hpp"

#include <algorithm>

namespace hvc::http {

namespace {

bool is_segment_char(char c) noexcept { // pchar but for "%": RFC 3986 section 3.3
  return grammar::is_unreserved_char(c) ||
         (c != '\0' && std::string_view{"!$&'()*+,;=:@"}.find(c) != std::string_view::npos);
}

std::size_t encoded_size(std::string_view id) noexcept {
  std::size_t size = id.size();
  for (char const c : id)
    size += grammar::is_unreserved_char(c) ? 0 : 2;
  return size;
}

} // namespace

segment_error append_segment(std::string& out, std::string_view id) {
  if (id.empty())
    return segment_error::empty;
  if (id == "." || id == "..")
    return segment_error::dot_segment;
  if (id.size() > max_segment)
    return segment_error::too_long; // without looking at a megabyte

  // As most ids are.
  if (std::all_of(id.begin(), id.end(), grammar::is_unreserved_char)) {
    out.append(id);
    return segment_error::none;
  }
  std::size_t const size = encoded_size(id);
  if (size > max_segment)
    return segment_error::too_long;
  std::size_t at = out.size();
  out.resize(at + size);
  for (char const c : id) {
    if (grammar::is_unreserved_char(c)) {
      out[at++] = c;
      continue;
    }
    auto const byte = static_cast<unsigned char>(c);
    out[at++] = '%';
    out[at++] = upper_hex_digits[byte >> 4];
    out[at++] = upper_hex_digits[byte & 15];
  }
  return segment_error::none;
}

std::optional<std::string> decode_segment(std::string_view segment) {
  std::string id;
  id.reserve(segment.size());
  while (!segment.empty()) {
    if (segment.front() != '%') {
      if (!is_segment_char(segment.front()))
        return std::nullopt;
      id.push_back(segment.front());
      segment.remove_prefix(1);
      continue;
    }
    int const high = segment.size() < 3 ? -1 : hex_value(segment[1]);
    int const low = segment.size() < 3 ? -1 : hex_value(segment[2]);
    if (high < 0 || low < 0)
      return std::nullopt;
    id.push_back(static_cast<char>(static_cast<unsigned char>(high * 16 + low)));
    segment.remove_prefix(3);
  }
  return id;
}

} // namespace hvc::http
