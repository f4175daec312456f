// The sync providers of a link.
#include "operations/decode_json.hpp"

namespace hvc::detail {

operation const list_providers{http::method::get, "/api/hvc/links/{link}/sync/providers"};

template <> result<std::vector<provider_summary>> decode(outcome& o) noexcept {
  return decode_json(o, &decode_providers);
}

} // namespace hvc::detail
