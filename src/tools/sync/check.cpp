// hvc-sync check LINK PROVIDER, and check --all
#include "check_flags.hpp"
#include "command.hpp"
#include "survey.hpp"
#include "usage_error.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>

#include <iterator>

namespace hvc::tools {

namespace {

namespace asio = boost::asio;

int told(session const& s, plugin_state state, std::string const& text) {
  return static_cast<int>(s.write(text) == exit_success ? state : plugin_state::unknown);
}

asio::awaitable<int> check_one(session const& s, age_limits const& limits) {
  std::string const name = s.arguments[0] + "/" + s.arguments[1];
  auto const answer = co_await s.client().get_provider_sync(s.arguments[0], s.arguments[1], s.call());
  auto const v =
      answer ? judge(name, *answer, s.servers.front().events->server_time(), limits) : judge(name, answer.error());
  co_return told(s, v.state, plugin_line(v, limits));
}

// All servers at once: none waits for another.
asio::awaitable<int> check_all(session const& s, age_limits const& limits) {
  auto const executor = s.client().get_executor();
  auto const flags = read_sweep_flags(s.line);
  std::vector<decltype(asio::co_spawn(executor, survey(s.servers.front(), limits, flags), asio::deferred))> surveys;
  for (server& each : s.servers)
    surveys.push_back(asio::co_spawn(executor, survey(each, limits, flags), asio::deferred));
  auto [order, failures, found] = co_await asio::experimental::make_parallel_group(std::move(surveys))
                                      .async_wait(asio::experimental::wait_for_all(), asio::use_awaitable);
  if ((co_await asio::this_coro::cancellation_state).cancelled() != asio::cancellation_type::none)
    co_return told(s, plugin_state::unknown, plugin_complaint("interrupted"));
  for (auto const& failure : failures)
    if (failure)
      std::rethrow_exception(failure);
  std::vector<verdict> all;
  for (auto& verdicts : found)
    std::move(verdicts.begin(), verdicts.end(), std::back_inserter(all));
  sort_by_urgency(all);
  co_return told(s, overall(all), plugin_report(all, limits));
}

} // namespace

asio::awaitable<int> run_check(session const& s) {
  age_limits const limits = read_age_limits(s.line);
  if (s.line.has("all"))
    co_return co_await check_all(s, limits);
  for (std::string const flag : {"config", "rate", "concurrency"})
    if (s.line.has(flag))
      throw usage_error("--" + flag + " goes with --all");
  co_return co_await check_one(s, limits);
}

} // namespace hvc::tools
