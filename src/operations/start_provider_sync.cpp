// Starts the synchronisation of one provider.
#include "operations/operation.hpp"

namespace hvc::detail {

operation const start_provider_sync{http::method::post, "/api/hvc/links/{link}/sync/providers/{provider}?action=start"};

} // namespace hvc::detail
