// Text for a terminal: made harmless, measured in columns, broken into lines. Knows UTF-8 and nothing else of the
// world.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hvc::tools {

/// The text with every character that would steer a terminal or turn the writing direction shown as '?', and so is what
/// is no UTF-8. Line ends and tabs become spaces.
[[nodiscard]] std::string printable(std::string_view text);

/// How many columns a printable text takes: two for a wide character of East Asia or an emoji, none for a combining
/// one.
[[nodiscard]] std::size_t columns(std::string_view text) noexcept;

/// A number with its thousands apart: `1,234,567`.
[[nodiscard]] std::string grouped(std::uint64_t n);

/// The lines of a text that may have line ends of its own, each printable, broken between words at `width` columns; 0:
/// not broken. A word that is longer stays whole, for somebody will want to copy it. At least one line.
[[nodiscard]] std::vector<std::string> wrapped(std::string_view text, std::size_t width);

/// The lines of a text behind a title of `indent` columns, all but the first below where it began, each with its line
/// end; broken as wrapped() does where the text has room to hang. A word too long to hang stands at the margin.
[[nodiscard]] std::string hanging(std::string_view text, std::size_t indent, std::size_t width);

} // namespace hvc::tools
