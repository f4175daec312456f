// A session that expires between two calls: the client logs in again, once, and the caller sees nothing of it.
#include <hvc/client.hpp>
#include <hvc/simulator/simulator.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <iostream>

namespace asio = boost::asio;

asio::awaitable<void> ask_twice(hvc::client& vc, hvc::simulator& server, int& failures) {
  for (int i = 0; i < 2; ++i) {
    auto const r = co_await vc.get_provider_sync("link-1", "provider-1");
    failures += r ? 0 : 1;
    std::cout << (r ? r->status.name() : r.error().message()) << ", after " << vc.stats().logins << " login(s)\n";
    server.expire_sessions();
  }
  co_await vc.async_close(); // logs out
}

int main() {
  hvc::simulator_options so;
  so.user = "me@vsphere.local";
  so.password = "correct horse";
  hvc::simulator server(so);

  hvc::client_options options;
  options.server(server.server()).credentials(hvc::user_password(so.user, so.password));
  options.tls().ca_pem(server.ca_pem());
  asio::io_context ioc;
  hvc::client vc{ioc.get_executor(), std::move(options)};
  int failures = 0;
  asio::co_spawn(ioc, ask_twice(vc, server, failures), [](std::exception_ptr e) {
    if (e)
      std::rethrow_exception(e);
  });
  ioc.run();
  return failures;
}
