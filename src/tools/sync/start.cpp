// hvc-sync start LINK PROVIDER
#include "command.hpp"
#include "text.hpp"

namespace hvc::tools {

boost::asio::awaitable<int> run_start(session const& s) {
  std::string const& link = s.arguments[0];
  std::string const& provider = s.arguments[1];
  auto const answer = co_await s.client().start_provider_sync(link, provider, s.call());
  co_return s.report(answer, "The synchronisation of " + printable(provider) + " has been started.\n");
}

} // namespace hvc::tools
