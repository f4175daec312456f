#include "survey.hpp"

#include "error_builder.hpp"
#include "tally.hpp"

#include <hvc/sweep.hpp>

#include <boost/asio/steady_timer.hpp>

namespace hvc::tools {

namespace {

// Of a provider, or of a link or the server whose list could not be had.
std::string label_of(server const& s, question const& q) {
  return q.link.empty() && s.name.empty() ? s.options.server() : name_of(s.name, q);
}

verdict verdict_on(server const& s, swept const& answer, age_limits const& limits) {
  auto const name = label_of(s, answer.question);
  return answer.info ? judge(name, *answer.info, s.events->server_time(), limits) : judge(name, answer.info.error());
}

error out_of_time_error() {
  return error_builder(error(error_kind::deadline)).detail({.text = "not all had answered within --timeout"}).build();
}

} // namespace

boost::asio::awaitable<std::vector<verdict>> survey(server& s, age_limits const& limits, sweep_flags const& flags) {
  auto const all = std::make_shared<sweep>(
      s.client, everything, sweep_options().rate(flags.rate).concurrency(flags.concurrency).call(s.call));
  // A moment more than a call has, so that a server that does not answer is told by the call's own error.
  boost::asio::steady_timer over(s.client.get_executor(), s.options.deadline() + std::chrono::milliseconds(100));
  auto const out_of_time = std::make_shared<bool>(false);
  over.async_wait([all, out_of_time](boost::system::error_code ec) {
    if (ec)
      return;
    *out_of_time = true;
    all->stop();
  });
  std::vector<verdict> verdicts;
  while (auto const answer = co_await all->next())
    verdicts.push_back(verdict_on(s, *answer, limits));
  if (*out_of_time)
    verdicts.push_back(judge(label_of(s, {}), out_of_time_error()));
  co_return verdicts;
}

} // namespace hvc::tools
