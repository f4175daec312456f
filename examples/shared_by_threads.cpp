// One client shared by threads: they ask at once, without a lock of their own, and share its connections and its
// session.
#include <hvc/client.hpp>
#include <hvc/simulator/simulator.hpp>

#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>

#include <atomic>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

int main() {
  hvc::simulator_options so;
  so.user = "me@vsphere.local";
  so.password = "correct horse";
  hvc::simulator server(so);
  hvc::client_options options;
  options.server(server.server()).credentials(hvc::user_password(so.user, so.password));
  options.tls().ca_pem(server.ca_pem());

  boost::asio::thread_pool pool(2); // runs the client
  hvc::client vc{pool.get_executor(), std::move(options)};
  std::atomic<int> answered = 0;
  std::vector<std::thread> askers;
  for (int t = 1; t <= 4; ++t)
    askers.emplace_back([&, t] {
      for (int i = 0; i < 50; ++i) {
        auto const r = vc.get_provider_sync("link-1", "provider-" + std::to_string(t), boost::asio::use_future).get();
        answered += r ? 1 : 0;
      }
    });
  for (auto& t : askers)
    t.join();
  auto const s = vc.stats();
  std::cout << answered << " answered over " << s.connections_opened << " connections, " << s.logins << " login(s)\n";
  vc.async_close(boost::asio::use_future).get();
  pool.join();
  return answered == 200 && s.logins == 1 ? 0 : 1;
}
