// Starts the synchronisation of one provider and waits for its end, with the progress on the way.
//   example_wait_for_sync                                       asks a simulator of its own
//   example_wait_for_sync https://HOST CA_FILE LINK PROVIDER    asks a server
#include <hvc/simulator/simulator.hpp>
#include <hvc/wait_for_sync.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <iostream>
#include <optional>
#include <string>

namespace asio = boost::asio;
using namespace std::chrono_literals;

void print(hvc::session_info const& s) {
  std::cout << s.stage.name();
  if (auto const done = hvc::fraction_done(s)) // whatever the unit of the work is
    std::cout << ' ' << static_cast<int>(*done * 100) << " %";
  std::cout << '\n';
}

asio::awaitable<bool> synchronise(hvc::client& vc, std::string link, std::string provider,
                                  std::chrono::milliseconds poll) {
  hvc::wait_options o;
  o.deadline(30min).interval(poll).on_progress(print);
  auto const before = co_await vc.get_provider_sync(link, provider);
  if (!before) { // then nobody could tell the session about to begin from an earlier one
    std::cerr << before.error().message() << '\n';
    co_return false;
  }
  if (before->current_session_info)
    o.newer_than(before->current_session_info->start_time);

  auto const started = co_await vc.start_provider_sync(link, provider);
  if (!started) {
    std::cerr << started.error().message() << '\n';
    co_return false;
  }
  auto const end = co_await hvc::wait_for_sync(vc, link, provider, o);
  if (!end) {
    std::cerr << end.error().message() << '\n';
    co_return false;
  }
  co_return end->current_session_info->stage == hvc::sync_stage::completed;
}

int main(int argc, char** argv) {
  std::optional<hvc::simulator> own;
  hvc::client_options options;
  if (argc == 5) {
    options.server(argv[1]).tls().ca_file(argv[2]);
  } else {
    hvc::simulator_options so;
    so.sync_duration = 200ms;
    own.emplace(so);
    options.server(own->server()).tls().ca_pem(own->ca_pem());
  }
  std::string const link = own ? "link-1" : argv[3], provider = own ? "provider-1" : argv[4];

  asio::io_context ioc;
  hvc::client vc{ioc.get_executor(), std::move(options)};
  bool completed = false;
  asio::co_spawn(ioc, synchronise(vc, link, provider, own ? 20ms : 5s), [&](std::exception_ptr e, bool ended_well) {
    if (e)
      std::rethrow_exception(e);
    completed = ended_well;
    vc.async_close([] {});
  });
  ioc.run();
  return completed ? 0 : 1;
}
