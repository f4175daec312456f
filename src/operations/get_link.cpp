// The health of a hybrid link (vCenter 8.0.1 and later).
#include "operations/decode_json.hpp"

namespace hvc::detail {

operation const get_link{http::method::get, "/api/hvc/links/{link}"};

template <> result<link_health> decode(outcome& o) noexcept { return decode_json(o, &decode_link_health); }

} // namespace hvc::detail
