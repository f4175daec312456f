// What the operating system's and the resolver's error codes mean to a caller.
#pragma once

#include "failure.hpp"

#include <boost/system/error_code.hpp>

#include <string_view>

namespace hvc::net {

// No code: the host was found, and has no address.
[[nodiscard]] failure resolve_failure(std::string_view host, boost::system::error_code ec);
// `peer` says where to.
[[nodiscard]] failure connect_failure(std::string_view peer, boost::system::error_code ec);
[[nodiscard]] bool is_transient_resolve_error(boost::system::error_code ec) noexcept;

} // namespace hvc::net
