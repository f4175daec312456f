// From a reply that is no success to the error the caller gets. Knows no connection, no attempt and no Retry-After: the
// layers above add those.
#pragma once

#include <hvc/codec.hpp>

#include <string_view>

namespace hvc {

// Of kind standard or route_unknown where the body is a standard error, else http_status; its stage is body.
[[nodiscard]] error error_from_reply(int status, std::string_view content_type, std::string_view body,
                                     decode_limits const& limits);

} // namespace hvc
