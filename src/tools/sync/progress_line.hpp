// How far a sweep has come, in one line for a person. Pure.
#pragma once

#include "table.hpp"

#include <hvc/sweep_values.hpp>

#include <span>
#include <string>

namespace hvc::tools {

/// Of sweeps that run side by side: the sums; totals only where each knows its own, the time left of the last to end.
[[nodiscard]] sweep_progress sum_of(std::span<sweep_progress const> all);

/// `52,013 of 100,000, 12 failed, 199 a second, 4 min left`
[[nodiscard]] std::string progress_text(sweep_progress const& p);
/// The same behind a bar, cut to less than the width of the canvas: `[=====>    ] 52,013 of ...`. Where it has no
/// width, no bar.
[[nodiscard]] std::string progress_line(sweep_progress const& p, canvas const& to);

} // namespace hvc::tools
