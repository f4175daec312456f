// All hybrid links of a server.
#include "operations/decode_json.hpp"

namespace hvc::detail {

operation const list_links{http::method::get, "/api/hvc/links"};

template <> result<std::vector<link_summary>> decode(outcome& o) noexcept { return decode_json(o, &decode_links); }

} // namespace hvc::detail
