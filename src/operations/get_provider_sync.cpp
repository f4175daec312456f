// Get Link Provider Sync: how the synchronisation of one provider stands.
#include "operations/decode_json.hpp"

namespace hvc::detail {

operation const get_provider_sync{http::method::get, "/api/hvc/links/{link}/sync/providers/{provider}"};

template <> result<sync_info> decode(outcome& o) noexcept { return decode_json(o, &decode_sync_info); }

} // namespace hvc::detail
