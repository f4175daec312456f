// hvc-sync get LINK PROVIDER
#include "command.hpp"
#include "info_card.hpp"

namespace hvc::tools {

boost::asio::awaitable<int> run_get(session const& s) {
  std::string const& link = s.arguments[0];
  std::string const& provider = s.arguments[1];
  auto const answer = co_await s.client().get_provider_sync(link, provider, s.call());
  auto const now = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
  co_return s.report(answer, [&](sync_info const& info) { return info_card(link, provider, info, now, s.to); });
}

} // namespace hvc::tools
