// What the library calls an option, and what the user called it.
#pragma once

#include "command_line.hpp"

#include <string>
#include <string_view>

namespace hvc::tools {

/// The library's refusal, which begins with its option's name, beginning with the flag that was given in place of it,
/// or with the variable of the environment where no flag was: `tls.ca_file F: no such file` is `--ca-file F: no such
/// file`.
[[nodiscard]] std::string in_words_of(command_line const& line, std::string_view refusal);

} // namespace hvc::tools
