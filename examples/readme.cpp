#include <hvc/client.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <iostream>

boost::asio::awaitable<void> ask(hvc::client& vc, std::string link, std::string provider) {
  auto const r = co_await vc.get_provider_sync(link, provider);
  if (r)
    std::cout << r->status.name() << '\n';
  else if (auto e = r.error().standard())
    std::cout << e->error_type.name() << " of the server: " << r.error().message() << '\n';
  else
    std::cout << r.error().message() << '\n';
  co_await vc.async_close(); // logs out, closes the connections, lets run() return
}

int main(int, char** argv) { // https://HOST CA_FILE LINK PROVIDER
  hvc::client_options o;
  o.server(argv[1]).tls().ca_file(argv[2]);
  boost::asio::io_context ioc;
  hvc::client vc{ioc.get_executor(), std::move(o)};
  boost::asio::co_spawn(ioc, ask(vc, argv[3], argv[4]), boost::asio::detached);
  ioc.run();
}
