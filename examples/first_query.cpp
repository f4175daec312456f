// The first query: one coroutine, one provider, every way it can end.
//   example_first_query                                asks a simulator of its own
//   example_first_query https://HOST CA_FILE LINK PROVIDER   asks a server
#include <hvc/client.hpp>
#include <hvc/codec.hpp>
#include <hvc/simulator/simulator.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <iostream>
#include <optional>

namespace asio = boost::asio;

asio::awaitable<void> ask(hvc::client& vc, std::string link, std::string provider) {
  hvc::result<hvc::sync_info> r = co_await vc.get_provider_sync(link, provider);
  if (r) {
    std::cout << provider << ": " << r->status.name();
    if (r->last_sync_time)
      std::cout << ", last synchronised " << hvc::format_date_time(*r->last_sync_time);
    std::cout << '\n';
  } else if (hvc::error const e = r.error(); e.kind() == hvc::error_kind::standard) { // the server's own, decoded
    std::cout << provider << ": " << e.standard()->error_type.name() << '\n';
  } else { // transport, TLS, deadline, framing, decoding...
    std::cout << provider << ": " << e.message() << '\n';
  }
}

int main(int argc, char** argv) {
  std::optional<hvc::simulator> own;
  hvc::client_options options;
  if (argc == 5) {
    options.server(argv[1]).tls().ca_file(argv[2]);
  } else {
    own.emplace();
    options.server(own->server()).tls().ca_pem(own->ca_pem());
  }

  asio::io_context ioc;
  hvc::client vc{ioc.get_executor(), std::move(options)};
  auto session = [&]() -> asio::awaitable<void> {
    if (argc == 5) {
      co_await ask(vc, argv[3], argv[4]);
    } else {
      co_await ask(vc, "link-1", "provider-1");
      co_await ask(vc, "link-1", "nobody");
    }
    co_await vc.async_close();
  };
  asio::co_spawn(ioc, session, [](std::exception_ptr e) {
    if (e)
      std::rethrow_exception(e);
  });
  ioc.run();
}
