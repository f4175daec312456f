// Whether a synchronisation that is waited for has come to its end. Pure.
#pragma once

#include <hvc/model.hpp>
#include <hvc/result.hpp>

#include <optional>

namespace hvc::watching {

enum class sync_end : std::uint8_t {
  not_begun, // no session yet, or only one from before
  running,
  over,    // COMPLETED or FAILED
  unknown, // the question failed, and may succeed later
  hopeless // the question failed, and will again
};

// `newer_than`: sessions that started then or earlier are not the one.
[[nodiscard]] sync_end sync_end_in(result<sync_info> const& answer, std::optional<date_time> newer_than) noexcept;

} // namespace hvc::watching
