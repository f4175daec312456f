#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>
#include <hvc/client.hpp>
#include <iostream>

boost::asio::awaitable<bool> ask(hvc::client& vc, std::string link, std::string provider) {
  auto const r = co_await vc.get_provider_sync(link, provider);
  if (r)
    std::cout << r->status.name() << '\n';
  else if (hvc::error const e = r.error(); e.kind() == hvc::error_kind::standard) // the server says no: NOT_FOUND, ...
    std::cout << e.standard()->error_type.name() << ": " << e.standard()->message() << '\n';
  else // there was no answer: name, connection, certificate, login, deadline, ...
    std::cout << e.message() << '\n';
  co_await vc.async_close(); // logs out, closes the connections, lets run() return
  co_return r.has_value();
}

int main(int argc, char** argv) try { // https://HOST CA_FILE USER LINK PROVIDER, and the password on standard input
  std::string password;
  if (argc != 6 || !std::getline(std::cin, password))
    return 2;
  hvc::client_options o;
  o.server(argv[1]).credentials(hvc::user_password{argv[3], password}).tls().ca_file(argv[2]);
  boost::asio::io_context ioc;
  hvc::client vc{ioc.get_executor(), std::move(o)};
  auto answered = boost::asio::co_spawn(ioc, ask(vc, argv[4], argv[5]), boost::asio::use_future);
  ioc.run();
  return answered.get() ? 0 : 1;
} catch (std::invalid_argument const& e) { // an option cannot be: "tls.ca_file FILE: No such file or directory"
  std::cerr << e.what() << '\n';
  return 2;
}
