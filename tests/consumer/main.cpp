// The least a user writes: asks a server that is not there, and is told so.
#include <hvc/client.hpp>
#include <hvc/codec.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <iostream>

boost::asio::awaitable<void> ask(hvc::client& vc, bool& refused) {
  auto const r = co_await vc.get_provider_sync("link", "provider");
  refused = !r && r.error().kind() == hvc::error_kind::connect;
  if (!r)
    std::cout << r.error().message() << '\n';
  co_await vc.async_close();
}

int main() {
  boost::asio::io_context ioc;
  hvc::client_options options;
  options.server("https://127.0.0.1:1").retry().attempts = 1;
  hvc::client vc(ioc.get_executor(), options);
  bool refused = false;
  boost::asio::co_spawn(ioc, ask(vc, refused), [](std::exception_ptr e) {
    if (e)
      std::rethrow_exception(e);
  });
  ioc.run();
  auto const info = hvc::decode_sync_info(R"({"status":"SUCCEEDED","polling_interval_in_seconds":300})");
  return refused && info && info->status == hvc::sync_status::succeeded ? 0 : 1;
}
