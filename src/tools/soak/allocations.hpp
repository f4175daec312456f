// How many allocations live: those of operator new, and OpenSSL's.
#pragma once

#include <cstdint>

namespace hvc::soak {

// Has OpenSSL's counted too. Before OpenSSL is used for the first time. Whether there is a count at all: under a
// sanitizer there is none, for that has its own.
bool count_allocations() noexcept;
[[nodiscard]] std::int64_t live_allocations() noexcept;

} // namespace hvc::soak
