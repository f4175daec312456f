// No request of its own: a call that is over when there is a session.
#include "operations/operation.hpp"

namespace hvc::detail {

operation const log_in{};

} // namespace hvc::detail
