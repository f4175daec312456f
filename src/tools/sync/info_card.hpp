// A provider's Info as a card for a person.
#pragma once

#include "table.hpp"

#include <hvc/model.hpp>

namespace hvc::tools {

/// Ages are told relative to `now`.
[[nodiscard]] std::string info_card(std::string const& link, std::string const& provider, sync_info const& info,
                                    date_time now, canvas const& to);

} // namespace hvc::tools
