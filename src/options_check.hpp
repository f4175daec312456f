// Refuses options that are impossible.
#pragma once

#include <hvc/options.hpp>

namespace hvc {

// Throws std::invalid_argument, whose text begins with the field's name.
void check(client_options const& o);
void check(credentials const& c);
void require_duration(std::chrono::milliseconds d, std::string_view field); // positive, and at most a year

} // namespace hvc
