#include "watch/sync_end.hpp"

#include <hvc/watch_values.hpp>

#include <algorithm>

namespace hvc {

std::optional<double> fraction_done(session_info const& s) noexcept {
  if (s.total_work <= 0 || s.completed_work < 0)
    return std::nullopt;
  return std::min(1.0, static_cast<double>(s.completed_work) / static_cast<double>(s.total_work));
}

namespace watching {

sync_end sync_end_in(result<sync_info> const& answer, std::optional<date_time> newer_than) noexcept {
  if (!answer)
    return answer.error().retryable() ? sync_end::unknown : sync_end::hopeless;
  auto const& session = answer->current_session_info;
  if (!session || (newer_than && session->start_time <= *newer_than))
    return sync_end::not_begun;
  return session->stage == sync_stage::completed || session->stage == sync_stage::failed ? sync_end::over
                                                                                         : sync_end::running;
}

} // namespace watching
} // namespace hvc
