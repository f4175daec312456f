// From the text of a JSON number to a value that stands for exactly that number. Knows nothing of documents: the text
// has been checked against the grammar of RFC 8259, section 6, before.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace hvc::json {

// An int64 if the number is one exactly, however written: 3, 3.0 and 30e-1 are.
[[nodiscard]] std::optional<std::int64_t> to_int64(std::string_view number) noexcept;

// The nearest double, unless that would be infinite, or zero for a number that is not.
[[nodiscard]] std::optional<double> to_double(std::string_view number) noexcept;

} // namespace hvc::json
