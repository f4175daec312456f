// What the operating system's and the resolver's error codes mean to a caller.
#pragma once

#include "failure.hpp"

#include <boost/system/error_code.hpp>

namespace hvc::net {

[[nodiscard]] failure resolve_failure(boost::system::error_code ec);
[[nodiscard]] failure connect_failure(boost::system::error_code ec);
[[nodiscard]] bool is_transient_resolve_error(boost::system::error_code ec) noexcept;

} // namespace hvc::net
