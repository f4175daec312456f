// A hash by which clients in different languages show that they decoded the same values from the same bytes. It is the
// FNV-1a hash (64 bits, 16 hex digits) of one line a field that is present, sorted bytewise by the whole line:
//   path=value\n
//   path:  names joined by '.', array positions and map keys too: "current_session_info.exception.args.0"
//   value: a string's bytes; an integer in decimal; a double as %.17g; a date-time as microseconds since 1970 (UTC)
// A run's hash is the sum, modulo 2^64, over its replies: the order of replies does not matter, their number does.
#pragma once

#include <hvc/model.hpp>

#include <cstdint>
#include <string>

namespace bench {

[[nodiscard]] std::uint64_t value_hash(hvc::sync_info const&);
[[nodiscard]] std::string hash_text(std::uint64_t);

} // namespace bench
