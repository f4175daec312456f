// Without coroutines: a callback gets the result.
#include <hvc/client.hpp>
#include <hvc/simulator/simulator.hpp>

#include <boost/asio/io_context.hpp>

#include <iostream>

int main() {
  hvc::simulator server;
  hvc::client_options options;
  options.server(server.server()).tls().ca_pem(server.ca_pem());

  boost::asio::io_context ioc;
  hvc::client vc{ioc.get_executor(), std::move(options)};
  int failures = 0;
  vc.get_provider_sync("link-1", "provider-1", [&](hvc::result<hvc::sync_info> r) {
    if (!r)
      ++failures;
    std::cout << (r ? r->status.name() : r.error().message()) << '\n';
    vc.async_close([] {}); // lets run() return
  });
  ioc.run();
  return failures;
}
