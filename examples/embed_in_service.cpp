// Inside an HTTP service of one's own: GET /LINK/PROVIDER is answered from a live query. Service and client share one
// io_context and its thread; whoever waits for a vCenter holds up nobody else.
//   example_embed_in_service                           asks a simulator of its own, once, and ends
//   example_embed_in_service https://HOST CA_FILE PORT    serves on 127.0.0.1:PORT until Ctrl-C
#include <hvc/client.hpp>
#include <hvc/codec.hpp>
#include <hvc/simulator/simulator.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include <chrono>
#include <exception>
#include <iostream>
#include <optional>
#include <string>

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::ip::tcp;
using namespace std::chrono_literals;

http::status status_of(hvc::error const& e) {
  if (e.kind() == hvc::error_kind::standard && e.standard()->error_type == hvc::error_type::not_found)
    return http::status::not_found;
  return e.kind() == hvc::error_kind::deadline ? http::status::gateway_timeout : http::status::bad_gateway;
}

// "/LINK/PROVIDER", in a live query's words.
asio::awaitable<http::response<http::string_body>> answer(hvc::client& vc,
                                                          http::request<http::empty_body> const& request) {
  std::string const target(request.target().substr(1));
  auto const slash = target.find('/');
  bool const plain = target.find_first_of("%?") == std::string::npos; // else decode it: hvc wants ids as they are
  http::response<http::string_body> reply(http::status::bad_request, request.version());
  if (request.method() == http::verb::get && slash != std::string::npos && plain) {
    hvc::call_options o;
    o.deadline(5s);
    auto const r = co_await vc.get_provider_sync(target.substr(0, slash), target.substr(slash + 1), o);
    reply.result(r ? http::status::ok : status_of(r.error()));
    reply.set(http::field::content_type, r ? "application/json" : "text/plain");
    reply.body() = r ? hvc::encode(*r) : r.error().message();
  }
  reply.keep_alive(request.keep_alive());
  reply.prepare_payload();
  co_return reply;
}

asio::awaitable<void> serve(tcp::socket socket, hvc::client& vc) {
  boost::beast::flat_buffer buffer;
  for (bool open = true; open;) {
    http::request<http::empty_body> request;
    co_await http::async_read(socket, buffer, request, asio::use_awaitable);
    auto const reply = co_await answer(vc, request);
    co_await http::async_write(socket, reply, asio::use_awaitable);
    open = reply.keep_alive();
  }
}

asio::awaitable<void> listen(tcp::acceptor& acceptor, hvc::client& vc) {
  for (;;)
    asio::co_spawn(acceptor.get_executor(), serve(co_await acceptor.async_accept(asio::use_awaitable), vc),
                   asio::detached);
}

// What a browser would do.
asio::awaitable<void> ask(tcp::endpoint service, char const* target, int& failures) {
  tcp::socket socket(co_await asio::this_coro::executor);
  co_await socket.async_connect(service, asio::use_awaitable);
  http::request<http::empty_body> request(http::verb::get, target, 11);
  request.keep_alive(false);
  co_await http::async_write(socket, request, asio::use_awaitable);
  boost::beast::flat_buffer buffer;
  http::response<http::string_body> reply;
  co_await http::async_read(socket, buffer, reply, asio::use_awaitable);
  std::cout << "GET " << target << '\n' << reply.result_int() << ' ' << reply.body() << '\n';
  failures += reply.result() == http::status::ok ? 0 : 1;
}

int main(int argc, char** argv) {
  std::optional<hvc::simulator> own;
  hvc::client_options options;
  if (argc == 4) {
    options.server(argv[1]).tls().ca_file(argv[2]);
  } else {
    own.emplace();
    options.server(own->server()).tls().ca_pem(own->ca_pem());
  }

  asio::io_context ioc;
  hvc::client vc{ioc.get_executor(), std::move(options)};
  auto const port = static_cast<unsigned short>(own ? 0 : std::stoi(argv[3]));
  tcp::acceptor acceptor(ioc, {asio::ip::address_v4::loopback(), port});
  asio::co_spawn(ioc, listen(acceptor, vc), [](std::exception_ptr e) {
    if (e) // a service that is deaf must not stay up
      std::rethrow_exception(e);
  });

  auto const stop = [&] { vc.async_close([&] { ioc.stop(); }); };
  asio::signal_set signals(ioc, SIGINT, SIGTERM);
  signals.async_wait([&](auto, int) { stop(); });
  int failures = 0;
  if (own)
    asio::co_spawn(ioc, ask(acceptor.local_endpoint(), "/link-1/provider-1", failures), [&](std::exception_ptr e) {
      failures += e ? 1 : 0;
      stop();
    });
  ioc.run();
  return failures;
}
