// A point in time and a question without an answer, for tests of several faces.
#pragma once

#include "error_face.hpp"

#include <hvc/codec.hpp>
#include <hvc/sweep_values.hpp>

namespace hvc::tools::test {

inline date_time const now = *parse_date_time("2026-03-14T09:26:53Z");

inline swept refused() {
  return {question("L", "P"), with_standard(error_kind::standard, {}, not_found(), 404), std::chrono::milliseconds(3)};
}

} // namespace hvc::tools::test
