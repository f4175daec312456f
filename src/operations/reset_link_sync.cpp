// Resets the synchronisation of a link.
#include "operations/operation.hpp"

namespace hvc::detail {

operation const reset_link_sync{http::method::post, "/api/hvc/links/{link}/sync?action=reset"};

} // namespace hvc::detail
