#include "table.hpp"

#include "text.hpp"

#include <algorithm>

namespace hvc::tools {

namespace {

constexpr std::size_t gap = 2; // columns between two columns of text

std::string_view ansi(paint p) noexcept {
  switch (p) {
  case paint::plain:
    return {};
  case paint::good:
    return "\x1b[32m";
  case paint::bad:
    return "\x1b[31m";
  case paint::notable:
    return "\x1b[33m";
  case paint::faint:
    return "\x1b[2m";
  case paint::heading:
    return "\x1b[1m";
  }
  return {};
}

std::string padding(std::size_t used, std::size_t wanted) {
  return std::string(wanted > used ? wanted - used : 0, ' ');
}

} // namespace

std::string canvas::painted(paint p, std::string_view text) const {
  if (!coloured || p == paint::plain || text.empty())
    return std::string(text);
  return std::string(ansi(p)).append(text).append("\x1b[0m");
}

std::string card(std::vector<field> const& fields, canvas const& to) {
  std::size_t left = 0;
  for (auto const& f : fields)
    left = std::max(left, columns(f.label) + gap);
  constexpr std::size_t narrowest = 20; // below that a wrapped text is harder to read than one the terminal breaks
  std::size_t const right = to.width >= left + narrowest ? to.width - left : 0;

  std::string text;
  for (auto const& f : fields) {
    text.append(to.painted(paint::heading, f.label)).append(padding(columns(f.label), left));
    bool first = true;
    for (auto const& line : wrapped(f.value, right)) {
      if (!first)
        text.append(left, ' ');
      text.append(to.painted(f.colour, line)).push_back('\n');
      first = false;
    }
  }
  return text;
}

std::string table(std::vector<std::string> const& headings, std::vector<std::vector<std::string>> const& rows,
                  canvas const& to) {
  std::vector<std::vector<std::string>> lines{headings};
  for (auto const& row : rows) {
    auto& line = lines.emplace_back();
    std::transform(row.begin(), row.end(), std::back_inserter(line), printable);
  }
  std::vector<std::size_t> widths(headings.size());
  for (auto const& line : lines)
    for (std::size_t i = 0; i < widths.size(); ++i)
      widths[i] = std::max(widths[i], columns(line[i]));

  std::string text;
  paint colour = paint::heading;
  for (auto const& line : lines) {
    for (std::size_t i = 0; i < widths.size(); ++i) {
      text.append(to.painted(colour, line[i]));
      if (i + 1 != widths.size())
        text.append(padding(columns(line[i]), widths[i] + gap));
    }
    text.push_back('\n');
    colour = paint::plain;
  }
  return text;
}

} // namespace hvc::tools
