// A text as often as said, one after the other.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace hvc::test {

inline std::string repeated(std::string_view piece, std::size_t count) {
  std::string result;
  for (; count != 0; --count)
    result += piece;
  return result;
}

} // namespace hvc::test
