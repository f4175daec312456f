// The command line taken apart: words and flags, in any order. Knows which flags there are, not what they mean.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hvc::tools {

class command_line {
public:
  /// The arguments behind the program's name. Throws usage_error at an unknown flag, a flag given twice that may stand
  /// once, a missing value, and at a password among the arguments.
  explicit command_line(std::vector<std::string> const& arguments);

  /// What is no flag: the command and its arguments.
  [[nodiscard]] std::vector<std::string> const& words() const noexcept { return words_; }
  /// Whether the flag was given; by its long name, without the dashes.
  [[nodiscard]] bool has(std::string_view flag) const { return flags_.contains(flag); }
  /// The long names of the flags that were given.
  [[nodiscard]] std::vector<std::string> given() const;
  /// The value of a flag that may stand once.
  [[nodiscard]] std::optional<std::string> value(std::string_view flag) const;
  /// The values of a flag that may be repeated, in order.
  [[nodiscard]] std::vector<std::string> values(std::string_view flag) const;

  /// The long names of all flags a user may give, for the test that the help leaves none out.
  [[nodiscard]] static std::vector<std::string> known_flags();

private:
  std::vector<std::string> words_;
  std::map<std::string, std::vector<std::string>, std::less<>> flags_;
};

} // namespace hvc::tools
