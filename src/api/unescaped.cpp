#include "api/unescaped.hpp"

#include "api/json_plain.hpp"
#include "api/utf8.hpp"
#include "hex.hpp"

#include <algorithm>
#include <optional>

namespace hvc {
namespace {

constexpr std::size_t unit_size = 6;                  // \u0026
constexpr std::size_t longest_escape = 2 * unit_size; // of a pair of surrogates

std::optional<unsigned> utf16_unit(std::string_view text) noexcept {
  if (text.size() < unit_size || !text.starts_with("\\u"))
    return std::nullopt;
  unsigned code = 0;
  for (char const c : text.substr(2, 4)) {
    int const digit = hex_value(c);
    if (digit < 0)
      return std::nullopt;
    code = code << 4 | static_cast<unsigned>(digit);
  }
  return code;
}

// The length of the escape at the head of a text, which is appended undone; 0 if there is none.
std::size_t undo(std::string_view text, std::string& to) {
  if (text.size() < 2)
    return 0;
  if (auto const i = json::escape_letters.find(text[1]); i != std::string_view::npos) {
    to.push_back(json::escape_meanings[i]);
    return 2;
  }
  auto const unit = utf16_unit(text);
  if (!unit || is_low_surrogate(*unit))
    return 0;
  if (!is_high_surrogate(*unit)) {
    append_utf8(to, *unit);
    return unit_size;
  }
  auto const low = utf16_unit(text.substr(unit_size));
  if (!low || !is_low_surrogate(*low))
    return 0;
  append_utf8(to, code_point(*unit, *low));
  return longest_escape;
}

} // namespace

unescaped::unescaped(std::string_view original) {
  text_.reserve(original.size());
  origins_.reserve(original.size() + 1);
  for (std::size_t at = 0; at != original.size();) {
    bool const escapes = original[at] == '\\';
    auto length = escapes ? undo(original.substr(at), text_) : 0;
    if (length == 0) {
      if (escapes && original.size() - at < longest_escape)
        whole_ = std::min(whole_, text_.size());
      text_.push_back(original[at]);
      length = 1;
    }
    origins_.resize(text_.size(), static_cast<std::uint32_t>(at));
    at += length;
  }
  origins_.push_back(static_cast<std::uint32_t>(original.size()));
}

} // namespace hvc
