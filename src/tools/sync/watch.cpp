// hvc-sync watch LINK PROVIDER
#include "change_text.hpp"
#include "command.hpp"
#include "pace_flags.hpp"

#include <hvc/watch.hpp>

namespace hvc::tools {

boost::asio::awaitable<int> run_watch(session const& s) {
  watch_options options;
  options.call(s.call());
  if (auto const interval = read_interval(s.line))
    options.interval(*interval);
  watch changes(s.client(), s.arguments[0], s.arguments[1], std::move(options));
  bool first = true;
  while (auto const how = co_await changes.next()) {
    if (std::exchange(first, false) && !*how && !how->error().retryable()) // a name that is none, a wrong password
      co_return s.report_error(how->error());
    auto const now = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
    if (int const failed =
            s.write(s.format == output_format::table ? change_line(*how, now, s.to) : change_json(*how, now) + "\n"))
      co_return failed;
  }
  co_return exit_interrupted;
}

} // namespace hvc::tools
