// The text of report.html, built into the program.
#pragma once

#include <string_view>

namespace hvc::tools {

/// `@DATA@` in it is where the data belongs.
extern std::string_view const report_template;

} // namespace hvc::tools
