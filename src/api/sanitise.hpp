// Makes a peer's text safe to show: on a terminal, in a log, on one line.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace hvc {

// The text on one line, as UTF-8: without control characters (C0, DEL, C1), terminal escape sequences and characters
// that change the direction of text; bytes that are no UTF-8 become '?'. Longer texts than `max` bytes are cut between
// two characters, and end in "..." then.
[[nodiscard]] std::string sanitised(std::string_view text, std::size_t max);

// What an error keeps of a reply.
inline constexpr std::size_t longest_content_type = 128;
inline constexpr std::size_t longest_excerpt = 256; // as error::body_excerpt() promises

} // namespace hvc
