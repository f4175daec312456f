// A text with the escapes of JSON in it undone, be it a document, a piece of one or none, and the way back to where
// each of its bytes comes from.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace hvc {

class unescaped {
public:
  explicit unescaped(std::string_view original);

  [[nodiscard]] std::string_view text() const noexcept { return text_; }
  // Without what may be the beginning of an escape that the original's end has cut off.
  [[nodiscard]] std::string_view whole() const noexcept { return text().substr(0, whole_); }
  // Where in the original this byte of the text begins; of the text's end, the original's.
  [[nodiscard]] std::size_t origin(std::size_t at) const noexcept { return origins_[at]; }

private:
  std::string text_;
  std::vector<std::uint32_t> origins_; // no reply is as long as 4 GB
  std::size_t whole_ = std::string_view::npos;
};

} // namespace hvc
