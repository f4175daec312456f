// Tables and cards for a person: aligned columns, colours where the terminal has them. Takes any text, writes harmless
// one.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace hvc::tools {

enum class paint { plain, good, bad, notable, faint, heading };

/// What the place text is written to can do.
struct canvas {
  bool coloured = false;
  std::size_t width = 0;   // in columns; 0: without end, as a file is
  bool rewritable = false; // the last line can be written over

  /// The text in that paint: ANSI's (ECMA-48, section 8.3.117) where the place has colours.
  [[nodiscard]] std::string painted(paint p, std::string_view text) const;
};

/// One line of a card, or more where the value is long.
struct field {
  std::string label;
  std::string value;
  paint colour = paint::plain;
};

/// Labels on the left, values on the right, wrapped to the canvas.
[[nodiscard]] std::string card(std::vector<field> const& fields, canvas const& to);

/// A line of headings, then the rows, each as long as the headings. Cells are never cut: they are there to be copied.
[[nodiscard]] std::string table(std::vector<std::string> const& headings,
                                std::vector<std::vector<std::string>> const& rows, canvas const& to);

} // namespace hvc::tools
