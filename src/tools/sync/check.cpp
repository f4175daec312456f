// hvc-sync check LINK PROVIDER
#include "check_flags.hpp"
#include "command.hpp"

namespace hvc::tools {

namespace {

int told(session const& s, verdict const& v, age_limits const& limits) {
  return s.write(plugin_line(v, limits)) == exit_success ? static_cast<int>(v.state)
                                                         : static_cast<int>(plugin_state::unknown);
}

} // namespace

boost::asio::awaitable<int> run_check(session const& s) {
  age_limits const limits = read_age_limits(s.line);
  std::string const name = s.arguments[0] + "/" + s.arguments[1];
  auto const answer = co_await s.client().get_provider_sync(s.arguments[0], s.arguments[1], s.call());
  if (!answer)
    co_return told(s, judge(name, answer.error()), limits);
  co_return told(s, judge(name, *answer, s.servers.front().events->server_time(), limits), limits);
}

} // namespace hvc::tools
