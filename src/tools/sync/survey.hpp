// hvc-sync check --all of one server: how every provider stands that it lists.
#pragma once

#include "check_verdict.hpp"
#include "session.hpp"
#include "sweep_flags.hpp"

#include <boost/asio/awaitable.hpp>

namespace hvc::tools {

/// A verdict for each provider, in no order; and for each link, or for the server, that could not say which there are.
/// Within the deadline of the server's options: what is not known by then is one verdict more.
[[nodiscard]] boost::asio::awaitable<std::vector<verdict>> survey(server& s, age_limits const& limits,
                                                                  sweep_flags const& flags);

} // namespace hvc::tools
