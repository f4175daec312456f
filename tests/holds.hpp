// Whether a text says what it should, for tests that do not care what else it says.
#pragma once

#include <string>
#include <string_view>

namespace hvc::test {

inline bool holds(std::string const& text, std::string_view part) { return text.find(part) != std::string::npos; }

} // namespace hvc::test
