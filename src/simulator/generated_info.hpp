// How providers stand by default: Infos made up from an index and the time, always the same for the same two. Knows no
// state; the world keeps what was changed.
#pragma once

#include <hvc/model.hpp>

#include <chrono>

namespace hvc::simulation {

// A session that started then and takes so long, as it stands now: through its stages to COMPLETED.
[[nodiscard]] session_info session_at(date_time start, std::chrono::milliseconds duration, date_time now);

// Every status_message has the arguments [link, provider], so that a client can check whose answer it holds.
[[nodiscard]] sync_info never_synced(std::string_view link, std::string_view provider);
[[nodiscard]] sync_info synced(std::string_view link, std::string_view provider, session_info session);
[[nodiscard]] sync_info failed(std::string_view link, std::string_view provider, session_info session);

// By `index` modulo 4: succeeded, failed, never synced, succeeded with the next session under way.
[[nodiscard]] sync_info generated_info(std::string_view link, std::string_view provider, unsigned index, date_time now);

} // namespace hvc::simulation
