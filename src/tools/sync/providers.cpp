// hvc-sync providers LINK
#include "command.hpp"

namespace hvc::tools {

namespace {

std::string providers_table(std::vector<provider_summary> const& providers, canvas const& to) {
  if (providers.empty())
    return "The link has no sync providers.\n";
  std::vector<std::vector<std::string>> rows;
  for (auto const& p : providers)
    rows.push_back({p.provider});
  return table({"PROVIDER"}, rows, to);
}

} // namespace

boost::asio::awaitable<int> run_providers(session const& s) {
  auto const answer = co_await s.client().list_providers(s.arguments[0], s.call());
  co_return s.report(answer, [&s](auto const& providers) { return providers_table(providers, s.to); });
}

} // namespace hvc::tools
