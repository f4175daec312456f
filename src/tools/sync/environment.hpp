// The environment's variables, as something a test can replace.
#pragma once

#include <cstdlib>
#include <functional>
#include <optional>
#include <string>

namespace hvc::tools {

/// A variable's value; one that is empty counts as not set.
using environment = std::function<std::optional<std::string>(char const* name)>;

[[nodiscard]] inline std::optional<std::string> of_this_process(char const* name) {
  char const* const value = std::getenv(name);
  return value != nullptr && *value != 0 ? std::optional<std::string>(value) : std::nullopt;
}

} // namespace hvc::tools
