// Many queries at once: N workers share one client, which shares its connections among them.
//   example_many_queries [QUERIES [CONCURRENCY]]                         asks a simulator of its own
//   example_many_queries QUERIES CONCURRENCY https://HOST CA_FILE USER   asks a server, the password in HVC_PASSWORD
#include <hvc/client.hpp>
#include <hvc/simulator/simulator.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <cstdlib>
#include <iostream>
#include <optional>
#include <string>

namespace asio = boost::asio;

struct tally {
  int left = 0;
  int workers = 0;
  int succeeded = 0;
  int failed = 0;
};

asio::awaitable<void> work(hvc::client& vc, tally& t) {
  while (t.left > 0) {
    int const n = t.left--;
    auto const r =
        co_await vc.get_provider_sync("link-" + std::to_string(n % 3 + 1), "provider-" + std::to_string(n % 4 + 1));
    ++(r ? t.succeeded : t.failed);
  }
  if (--t.workers == 0)
    co_await vc.async_close();
}

int main(int argc, char** argv) {
  tally t;
  t.left = argc > 1 ? std::atoi(argv[1]) : 1000;
  t.workers = argc > 2 ? std::atoi(argv[2]) : 64;
  std::optional<hvc::simulator> own;
  hvc::client_options options;
  if (argc == 6) {
    char const* password = std::getenv("HVC_PASSWORD");
    options.server(argv[3]).credentials(hvc::user_password(argv[5], password != nullptr ? password : ""));
    options.tls().ca_file(argv[4]);
  } else {
    own.emplace();
    options.server(own->server()).tls().ca_pem(own->ca_pem());
  }

  asio::io_context ioc;
  hvc::client vc{ioc.get_executor(), std::move(options)};
  auto const started = std::chrono::steady_clock::now();
  for (int i = t.workers; i > 0; --i)
    asio::co_spawn(ioc, work(vc, t), [](std::exception_ptr e) {
      if (e)
        std::rethrow_exception(e);
    });
  ioc.run();
  std::chrono::duration<double> const took = std::chrono::steady_clock::now() - started;
  auto const s = vc.stats();
  std::cout << t.succeeded << " answered, " << t.failed << " failed, in " << took.count() << " s ("
            << static_cast<int>(t.succeeded / took.count()) << " a second) over " << s.connections_opened
            << " connections, " << s.logins << " login(s)\n";
  return t.failed == 0 ? 0 : 1;
}
