#include <hvc/client.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <iostream>

boost::asio::awaitable<bool> ask(hvc::client& vc, std::string link, std::string provider) {
  auto const r = co_await vc.get_provider_sync(link, provider);
  if (r)
    std::cout << r->status.name() << '\n';
  else if (auto e = r.error().standard()) // the server's own answer: NOT_FOUND, UNAUTHORIZED, ...
    std::cout << e->error_type.name() << ": " << e->message() << '\n';
  else // what went wrong below it: name, connection, certificate, deadline, ...
    std::cout << r.error().message() << '\n';
  co_await vc.async_close(); // logs out, closes the connections, lets run() return
  co_return r.has_value();
}

int main(int, char** argv) try { // https://HOST CA_FILE USER LINK PROVIDER, and the password on standard input
  std::string password;
  std::getline(std::cin, password);
  hvc::client_options o;
  o.server(argv[1]).credentials(hvc::user_password{argv[3], password}).tls().ca_file(argv[2]);
  boost::asio::io_context ioc;
  hvc::client vc{ioc.get_executor(), std::move(o)};
  auto answered = boost::asio::co_spawn(ioc, ask(vc, argv[4], argv[5]), boost::asio::use_future);
  ioc.run();
  return answered.get() ? 0 : 1;
} catch (std::invalid_argument const& e) { // of the client's constructor: "ca_file: cannot be read ..."
  std::cerr << e.what() << '\n';
  return 2;
}
