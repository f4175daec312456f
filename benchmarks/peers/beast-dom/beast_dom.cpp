// Boost.Beast in coroutines, as its documentation teaches it, at its cheapest: one thread, no strand, no timer, one
// coroutine a connection, buffers kept from request to request. Each body goes through a Boost.JSON document into the
// struct.
#include "decode_dom.hpp"
#include "peer.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>
#include <boost/beast/version.hpp>

#include <cstdio>
#include <exception>

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using tcp_socket = asio::basic_stream_socket<asio::ip::tcp, asio::io_context::executor_type>;
using task_of_connection = asio::awaitable<void, asio::io_context::executor_type>;
constexpr asio::use_awaitable_t<asio::io_context::executor_type> await;

task_of_connection ask(bench::peer_task const& task, asio::ssl::context& tls, asio::io_context& ioc,
                       bench::tally& tally) {
  asio::ssl::stream<tcp_socket> stream(tcp_socket(ioc), tls);
  stream.set_verify_callback(asio::ssl::host_name_verification(task.host));
  asio::ip::tcp::endpoint const server(asio::ip::make_address(task.host),
                                       static_cast<std::uint16_t>(std::stoi(task.port)));
  co_await stream.next_layer().async_connect(server, await);
  stream.next_layer().set_option(asio::ip::tcp::no_delay(true));
  co_await stream.async_handshake(asio::ssl::stream_base::client, await);
  tally.connection_opened();

  http::request<http::empty_body> request(http::verb::get, task.path, 11);
  request.set(http::field::host, task.host + ":" + task.port);
  request.set(http::field::user_agent, BOOST_BEAST_VERSION_STRING);
  request.set(http::field::accept, "application/json");
  if (!task.session_token.empty())
    request.set("vmware-api-session-id", task.session_token);
  boost::beast::flat_buffer buffer;

  auto sent = bench::tally::clock::now();
  while (tally.take()) {
    co_await http::async_write(stream, request, await);
    http::response<http::string_body> reply;
    co_await http::async_read(stream, buffer, reply, await);
    if (reply.result() != http::status::ok || !reply.keep_alive())
      throw std::runtime_error("not a 200 on a connection kept alive");
    hvc::sync_info const info = bench::decode_dom(reply.body());
    sent = tally.succeeded(sent, &info);
  }
  if (tally.complete())
    ioc.stop();
}

} // namespace

int main(int argc, char** argv) {
  bench::peer_task const task = bench::parse_peer_task(argc, argv);
  bench::tally tally(task);
  try {
    asio::io_context ioc(1);
    asio::ssl::context tls(asio::ssl::context::tls_client);
    tls.load_verify_file(task.ca_file);
    tls.set_verify_mode(asio::ssl::verify_peer);
    for (unsigned i = 0; i != task.connections; ++i)
      asio::co_spawn(ioc, ask(task, tls, ioc, tally), [](std::exception_ptr e) {
        if (e)
          std::rethrow_exception(e);
      });
    ioc.run();
  } catch (std::exception const& e) {
    std::fprintf(stderr, "beast-dom: %s\n", e.what());
    return 3;
  }
  return tally.report();
}
