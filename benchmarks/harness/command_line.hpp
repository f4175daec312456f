// The flags of a benchmark program: `--name value`, `--name=value`, `-x value`. Knows no flag itself.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace bench {

/// Wrong usage; the text is for the person at the terminal.
struct usage_error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct flag {
  std::string_view name; ///< without the dashes
  char letter = 0;       ///< 0: none
  bool takes_value = true;
};

class command_line {
public:
  /// Throws usage_error at an unknown flag, a missing value or an argument that is no flag.
  command_line(int argc, char** argv, std::span<flag const> flags);

  [[nodiscard]] bool has(std::string_view name) const { return values_.contains(std::string(name)); }
  /// The value, or `fallback`.
  [[nodiscard]] std::string text(std::string_view name, std::string_view fallback = {}) const;
  [[nodiscard]] std::string required(std::string_view name) const;
  [[nodiscard]] std::uint64_t number(std::string_view name, std::uint64_t fallback, std::uint64_t least = 0) const;

private:
  std::map<std::string, std::string> values_;
};

/// The first line of a file, or of standard input for `-`; for passwords and tokens.
[[nodiscard]] std::string first_line_of(std::string const& path);

} // namespace bench
