// Wrong usage of a tool: the program says so on standard error and exits with 2.
#pragma once

#include <stdexcept>

namespace hvc::tools {

/// The text is for the person at the terminal, without the program's name.
struct usage_error : std::runtime_error {
  using std::runtime_error::runtime_error;
};

} // namespace hvc::tools
