// Takes a client's secrets out of what an error says, where a server or a proxy wrote them into its reply.
#pragma once

#include <hvc/error.hpp>

#include <span>
#include <string_view>

namespace hvc {

// The error, with "***" in place of each of these in every text of it: also behind any escapes of JSON, without the
// padding of base64, and where an excerpt ends in the middle of it. Secrets of less than four bytes are left: they are
// in every text. Where memory is out the error keeps no text at all.
[[nodiscard]] error redacted(error e, std::span<std::string_view const> secrets) noexcept;

} // namespace hvc
