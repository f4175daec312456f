// A reply decoded the usual way: Boost.JSON parses a document, and its members are copied into the struct. For the
// peers.
#pragma once

#include <hvc/model.hpp>

#include <string_view>

namespace bench {

/// Throws where the JSON is none or a member is missing.
[[nodiscard]] hvc::sync_info decode_dom(std::string_view json);

} // namespace bench
