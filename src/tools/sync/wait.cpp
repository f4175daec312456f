// hvc-sync wait LINK PROVIDER
#include "change_text.hpp"
#include "command.hpp"
#include "info_card.hpp"
#include "pace_flags.hpp"
#include "text.hpp"

#include <hvc/wait_for_sync.hpp>

#include <cstdio>

namespace hvc::tools {

namespace {

// On standard error: on a terminal a line that is written over, elsewhere a line for each stage.
class stage_line {
public:
  explicit stage_line(canvas const& to) noexcept : to_(to) {
    if (to_.rewritable)
      std::fputs("waiting for a synchronisation", stderr);
  }

  void show(session_info const& s) {
    std::string const stage(s.stage.name());
    show(stage_text(s), std::exchange(last_, stage) != stage);
  }
  // What was shown before may no longer hold: it is shown anew when the server answers again.
  void show(error const& e) {
    last_.clear();
    show((e.http_status() == 0 ? "the server does not answer: " : "the server answers with an error: ") +
             printable(e.message()),
         true);
  }
  void clear() {
    if (to_.rewritable)
      std::fputs("\r\x1b[K", stderr);
  }

private:
  void show(std::string const& text, bool is_news) {
    if (to_.rewritable)
      std::fprintf(stderr, "\r%s\x1b[K", text.substr(0, to_.width - 1).c_str());
    else if (is_news)
      std::fprintf(stderr, "hvc-sync: %s\n", text.c_str());
    std::fflush(stderr);
  }

  canvas const& to_;
  std::string last_; // stage
};

} // namespace

boost::asio::awaitable<int> run_wait(session const& s) {
  std::string const& link = s.arguments[0];
  std::string const& provider = s.arguments[1];
  stage_line stage(s.errors_to);
  wait_options options;
  options.call(s.call()).on_progress([&stage](session_info const& i) { stage.show(i); });
  options.on_failure([&stage](error const& e) { stage.show(e); });
  if (s.line.has("timeout"))
    options.deadline(s.servers.front().options.deadline());
  if (auto const interval = read_interval(s.line))
    options.interval(*interval);
  auto const end = co_await wait_for_sync(s.client(), link, provider, std::move(options));
  stage.clear();
  auto const now = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
  int const told = s.report(end, [&](sync_info const& info) { return info_card(link, provider, info, now, s.to); });
  if (!end && end.error().kind() == error_kind::canceled)
    co_return exit_interrupted;
  bool const failed = end && end->current_session_info->stage == sync_stage::failed;
  co_return failed&& told == exit_success ? exit_server_error : told;
}

} // namespace hvc::tools
