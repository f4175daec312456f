// A provider's Info as a card for a person.
#pragma once

#include "table.hpp"

#include <hvc/model.hpp>

namespace hvc::tools {

/// Ages are told relative to `now`.
[[nodiscard]] std::string info_card(std::string const& link, std::string const& provider, sync_info const& info,
                                    date_time now, canvas const& to);

/// In the server's language where it translated it, with its id behind.
[[nodiscard]] std::string message_text(localizable_message const& m);
/// Whether that is good.
[[nodiscard]] paint colour_of(sync_status s) noexcept;

} // namespace hvc::tools
