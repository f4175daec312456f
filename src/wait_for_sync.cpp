// A wait is a watch, looked at by sync_end_in(), with a deadline.
#include <hvc/wait_for_sync.hpp>

#include "api/error_message.hpp"
#include "error_builder.hpp"
#include "options_check.hpp"
#include "watch/sync_end.hpp"
#include "watch_run.hpp"

#include <string>

namespace hvc::detail {
namespace {

using std::chrono::steady_clock;
using watching::sync_end;

wait_options checked(wait_options o) {
  require_duration(o.deadline(), "wait.deadline");
  require_duration(o.interval(), "wait.interval");
  return o;
}

std::string in_words(session_info const& s) {
  return "the synchronisation was in stage " + std::string(s.stage.name()) + ", " + std::to_string(s.completed_work) +
         " of " + std::to_string(s.total_work) + " done";
}

} // namespace

struct sync_wait {
  sync_wait(client const& c, std::string_view link, std::string_view provider, wait_options o)
      : options(checked(std::move(o))),
        watch(make_watch(c, link, provider, watch_options().interval(options.interval()).call(options.call()))) {}
  sync_wait(sync_wait const&) = delete;
  sync_wait& operator=(sync_wait const&) = delete;
  ~sync_wait() { abandon(watch.get()); }

  wait_options const options;
  std::shared_ptr<watch_run> const watch;
  steady_clock::time_point begun{};
  std::string heard = "no answer came yet";
  std::optional<error> failure; // if that is what was heard last
};

namespace {

// The last failure, where that is what was heard last; else what is known of the poll under way, or of the rest since.
error_builder at_the_end(sync_wait const& w) {
  if (w.failure)
    return error_builder(*w.failure);
  auto const s = w.watch->where();
  error_builder b{error()};
  b.stage(s.stage).attempts(s.attempts);
  return b;
}

} // namespace

std::shared_ptr<sync_wait> make_wait(client const& c, std::string_view link, std::string_view provider,
                                     wait_options options) {
  return std::make_shared<sync_wait>(c, link, provider, std::move(options));
}

void begin_time(sync_wait& w) {
  w.begun = steady_clock::now();
  w.watch->end_at(w.begun + w.options.deadline());
}

watch_run* watch_of(sync_wait& w) noexcept { return w.watch.get(); }

std::optional<result<sync_info>> tell(sync_wait& w, result<sync_info> answer) {
  auto const end = watching::sync_end_in(answer, w.options.newer_than());
  if (end == sync_end::hopeless)
    return answer;
  if (w.options.on_answer())
    w.options.on_answer()(answer);
  w.failure.reset();
  if (end == sync_end::running || end == sync_end::over) {
    w.heard = in_words(*answer->current_session_info);
    if (w.options.on_progress())
      w.options.on_progress()(*answer->current_session_info);
  } else if (end == sync_end::unknown) {
    w.heard = words_of(answer.error());
    w.failure = answer.error();
  } else {
    w.heard = "no synchronisation was under way";
  }
  return end == sync_end::over ? std::optional(std::move(answer)) : std::nullopt;
}

result<sync_info> end_without_answer(sync_wait const& w, bool cancelled) {
  auto end = at_the_end(w);
  auto detail = end.detail() != nullptr ? *end.detail() : error::detail();
  detail.text = w.heard;
  return end.kind(cancelled ? error_kind::canceled : error_kind::deadline, {})
      .retryable(!cancelled)
      .elapsed(std::chrono::duration_cast<std::chrono::microseconds>(steady_clock::now() - w.begun))
      .detail(std::move(detail))
      .build();
}

} // namespace hvc::detail
