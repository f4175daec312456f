// What the tests of a watch and of a wait over the simulator share: what it answers, and waiting for the end.
#pragma once

#include "client_fixture.hpp"

#include <hvc/codec.hpp>
#include <hvc/wait_for_sync.hpp>

#include <atomic>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace hvc::test {

inline wait_options wait_often() { return wait_options().interval(1ms).deadline(20s); }

inline result<sync_info> wait_in(world& w, client& c, wait_options const& o) {
  std::optional<result<sync_info>> r;
  wait_for_sync(c, "link-1", "provider-1", o, [&](result<sync_info> x) { r = std::move(x); });
  REQUIRE(w.run_until([&] { return r.has_value(); }, 60s));
  return *std::move(r);
}

inline sync_info in_stage(sync_stage stage, std::int64_t done, std::int64_t started = 100) {
  sync_info i;
  i.status = sync_status::succeeded;
  i.polling_interval_in_seconds = 300;
  i.current_session_info = session_info{
      .stage = stage, .completed_work = done, .total_work = 8, .start_time = date_time(std::chrono::seconds(started))};
  return i;
}

// What the simulator answers about provider-1, one after the other; the last for ever.
inline void script(world& w, std::vector<canned_reply> replies) {
  w.server.on_request([replies = std::move(replies), at = std::make_shared<std::atomic<std::size_t>>(0)](
                          simulated_request const& r) -> std::optional<canned_reply> {
    if (r.method != "GET" || r.provider != "provider-1")
      return std::nullopt;
    return replies[std::min(at->fetch_add(1), replies.size() - 1)];
  });
}

inline canned_reply reply(sync_info const& i) { return {200, encode(i)}; }

inline canned_reply status(int code) {
  canned_reply r(code, "");
  r.content_type = "text/html";
  return r;
}

} // namespace hvc::test
