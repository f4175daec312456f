// hvc-sync wait LINK PROVIDER
#include "change_text.hpp"
#include "command.hpp"
#include "info_card.hpp"
#include "pace_flags.hpp"
#include "text.hpp"
#include "watch/sync_end.hpp"

#include <hvc/wait_for_sync.hpp>

#include <cstdio>

namespace hvc::tools {

namespace {

// What is heard, on standard error: on a terminal a line that is written over, elsewhere one for each stage or trouble.
class stage_line {
public:
  stage_line(canvas const& to, std::optional<date_time> newer_than) noexcept : to_(to), newer_than_(newer_than) {
    if (to_.rewritable)
      std::fputs("waiting for a synchronisation", stderr);
  }

  void show(result<sync_info> const& answer) {
    if (!answer) {
      auto const text = trouble_text(answer.error());
      return show(text, text);
    }
    if (watching::sync_end_in(answer, newer_than_) == watching::sync_end::not_begun)
      return show("no synchronisation is under way", "none");
    auto const& session = *answer->current_session_info;
    show(stage_text(session), std::string(session.stage.name()));
  }
  void clear() {
    if (to_.rewritable)
      std::fputs("\r\x1b[K", stderr);
  }

private:
  static std::string trouble_text(error const& e) {
    return (e.http_status() == 0 ? "the server does not answer: " : "the server answers with an error: ") +
           printable(e.message());
  }
  // `what` tells whether it is news where every text would be a line.
  void show(std::string const& text, std::string const& what) {
    bool const is_news = std::exchange(last_, what) != what;
    if (to_.rewritable)
      std::fprintf(stderr, "\r%s\x1b[K", text.substr(0, to_.width - 1).c_str());
    else if (is_news)
      std::fprintf(stderr, "hvc-sync: %s\n", text.c_str());
    std::fflush(stderr);
  }

  canvas const& to_;
  std::optional<date_time> newer_than_;
  std::string last_;
};

} // namespace

boost::asio::awaitable<int> run_wait(session const& s) {
  std::string const& link = s.arguments[0];
  std::string const& provider = s.arguments[1];
  auto const newer_than = read_newer_than(s.line);
  stage_line stage(s.errors_to, newer_than);
  wait_options options;
  options.call(s.call()).on_answer([&stage](result<sync_info> const& answer) { stage.show(answer); });
  if (auto const given = s.call().deadline())
    options.deadline(*given);
  if (auto const interval = read_interval(s.line))
    options.interval(*interval);
  if (newer_than)
    options.newer_than(*newer_than);
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
