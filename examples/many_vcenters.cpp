// Many vCenters: a client each, all asked at once on one io_context. One that is out of reach costs only its own row.
//   example_many_vcenters                                 asks two simulators, and a port where nobody listens
//   example_many_vcenters CA_FILE https://HOST...         asks these, which one authority has signed
#include <hvc/simulator/simulator.hpp>
#include <hvc/sweep.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <iostream>
#include <map>
#include <string>
#include <vector>

namespace asio = boost::asio;

// Everything one vCenter lists, counted by how it stands. The client is the coroutine's own, and goes with it.
asio::awaitable<void> ask(hvc::client vc, std::string server) {
  std::map<std::string, int> tally;
  hvc::sweep s(vc, hvc::everything);
  while (auto r = co_await s.next())
    ++tally[r->info ? std::string(r->info->status.name()) : r->info.error().message()];
  co_await vc.async_close();
  std::cout << server << '\n';
  for (auto const& [what, count] : tally)
    std::cout << "  " << count << ' ' << what << '\n';
}

int main(int argc, char** argv) {
  std::vector<hvc::client_options> servers;
  std::vector<hvc::simulator> own;
  for (int i = 2; i < argc; ++i)
    servers.emplace_back().server(argv[i]).tls().ca_file(argv[1]);
  if (argc == 1) {
    own.resize(2);
    for (auto const& s : own)
      servers.emplace_back().server(s.server()).tls().ca_pem(s.ca_pem());
    servers.emplace_back().server("https://127.0.0.1:9").tls().ca_pem(own[0].ca_pem());
  }

  asio::io_context ioc;
  for (auto const& options : servers)
    asio::co_spawn(ioc, ask(hvc::client{ioc.get_executor(), options}, options.server()), [](std::exception_ptr e) {
      if (e)
        std::rethrow_exception(e);
    });
  ioc.run();
}
