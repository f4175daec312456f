// Why a reply was refused: one byte while reading, a hvc::failure for the layers above.
#pragma once

#include "failure.hpp"

#include <cstdint>

namespace hvc::http {

enum class reply_fault : std::uint8_t {
  none,
  // protocol
  version,
  status,
  header,
  length,
  transfer_encoding,
  ambiguous,
  chunk,
  upgrade,
  // limit
  headers,
  header_count,
  interim,
  body,
  chunk_overhead,
  // connection_lost
  before_headers,
  in_headers,
  in_body
};

[[nodiscard]] failure to_failure(reply_fault fault, stage where);

} // namespace hvc::http
