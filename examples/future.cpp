// From a thread that has no io_context: the client runs on a thread of its own, and a future waits for the result.
#include <hvc/client.hpp>
#include <hvc/simulator/simulator.hpp>

#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>

#include <iostream>

int main() {
  hvc::simulator server;
  hvc::client_options options;
  options.server(server.server()).tls().ca_pem(server.ca_pem());

  boost::asio::thread_pool pool(1);
  hvc::client vc{pool.get_executor(), std::move(options)};
  auto const r = vc.get_provider_sync("link-1", "provider-1", boost::asio::use_future).get();
  std::cout << (r ? r->status.name() : r.error().message()) << '\n';
  vc.async_close(boost::asio::use_future).get();
  pool.join();
  return r ? 0 : 1;
}
