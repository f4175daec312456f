// hvc-sync reset LINK
#include "command.hpp"
#include "text.hpp"

namespace hvc::tools {

boost::asio::awaitable<int> run_reset(session const& s) {
  std::string const& link = s.arguments[0];
  auto const answer = co_await s.client().reset_link_sync(link, s.call());
  co_return s.report(answer, "The synchronisation of " + printable(link) + " has been reset.\n");
}

} // namespace hvc::tools
