#include "trust.hpp"

namespace hvc::tools {

boost::asio::awaitable<std::optional<error>> refusal_of(server const& s, tls_options const& trust) {
  auto options = s.options;
  options.credentials(no_credentials());
  options.tls() = trust;
  options.retry().attempts = 1;
  hvc::client nobody(s.client.get_executor(), options);
  auto const answer = co_await nobody.list_links(s.call);
  co_await nobody.async_close();
  if (answer || (answer.error().stage() > stage::handshake && answer.error().kind() != error_kind::canceled))
    co_return std::nullopt;
  co_return answer.error();
}

} // namespace hvc::tools
