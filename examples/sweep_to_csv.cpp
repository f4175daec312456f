// Everything a server lists, swept into CSV: a line for each provider, as the answers come.
//   example_sweep_to_csv                       asks a simulator of its own
//   example_sweep_to_csv https://HOST CA_FILE  asks a server
#include <hvc/simulator/simulator.hpp>
#include <hvc/sweep.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <iostream>
#include <optional>
#include <string>
#include <string_view>

namespace asio = boost::asio;

// RFC 4180, section 2.
std::string field(std::string_view text) {
  std::string quoted = "\"";
  for (char const c : text)
    quoted.append(c == '"' ? 2 : 1, c);
  return quoted += '"';
}

asio::awaitable<void> sweep_to_csv(hvc::client& vc, std::ostream& out) {
  out << "link,provider,status,error\r\n";
  // [sweep]
  hvc::sweep s(vc, hvc::everything); // or any range of {link, provider}
  while (auto r = co_await s.next()) {
    auto const& [link, provider] = r->question;
    out << field(link) << ',' << field(provider) << ',' << field(r->info ? r->info->status.name() : "") << ','
        << field(r->info ? "" : r->info.error().message()) << "\r\n";
  }
  // [sweep]
  auto const p = s.progress();
  std::cerr << p.done << " providers, " << p.failed << " without an answer\n";
  co_await vc.async_close();
}

int main(int argc, char** argv) {
  std::optional<hvc::simulator> own;
  hvc::client_options options;
  if (argc == 3) {
    options.server(argv[1]).tls().ca_file(argv[2]);
  } else {
    own.emplace();
    options.server(own->server()).tls().ca_pem(own->ca_pem());
  }
  asio::io_context ioc;
  hvc::client vc{ioc.get_executor(), std::move(options)};
  asio::co_spawn(ioc, sweep_to_csv(vc, std::cout), [](std::exception_ptr e) {
    if (e)
      std::rethrow_exception(e);
  });
  ioc.run();
}
