// A few words of a body that could not be used, fit for a terminal or a log. Knows no encoding but UTF-8.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace hvc::http {

// At most `max` bytes of valid UTF-8: white space runs become one space, control characters (line and direction
// controls of Unicode included) and bytes that are no UTF-8 become '?'.
[[nodiscard]] std::string excerpt(std::string_view body, std::size_t max = 256);

} // namespace hvc::http
