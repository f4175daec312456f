// Cancelling, where several threads run the io_context: one call, and all calls of one user's request.
//   example_cancel     asks a simulator of its own, which never answers
#include <hvc/client.hpp>
#include <hvc/simulator/simulator.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include <chrono>
#include <future>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

namespace asio = boost::asio;

// A signal is as little thread-safe as any object. So it is emitted where its handlers run: on one strand.
using strand = asio::strand<asio::io_context::executor_type>;

// Every call on the strand of who asks, and no co_await behind the last: once cancelled it would throw.
asio::awaitable<std::string> ask_all(strand on, hvc::client& vc, std::vector<std::string> links) {
  auto const ask = [&](std::string const& link) { // holds a view of it until it begins
    return vc.get_provider_sync(link, "provider-1", asio::bind_executor(on, asio::deferred));
  };
  std::vector<decltype(ask(links.front()))> calls;
  for (auto const& link : links)
    calls.push_back(ask(link));
  auto const [order, answers] = co_await asio::experimental::make_parallel_group(std::move(calls))
                                    .async_wait(asio::experimental::wait_for_all(), asio::use_awaitable);
  std::string text;
  for (std::size_t i = 0; i != links.size(); ++i)
    text += links[i] + ": " + (answers[i] ? "answered" : answers[i].error().message()) + '\n';
  co_return text;
}

int main() {
  hvc::simulator server;
  server.on_request([](hvc::simulated_request const&) {
    hvc::canned_reply never;
    never.delay = std::chrono::hours(1);
    return never;
  });
  hvc::client_options options;
  options.server(server.server()).tls().ca_pem(server.ca_pem());

  asio::io_context ioc;
  hvc::client vc{ioc.get_executor(), std::move(options)};
  auto work = asio::make_work_guard(ioc);
  std::vector<std::jthread> threads;
  for (int i = 0; i != 2; ++i)
    threads.emplace_back([&ioc] { ioc.run(); });

  strand const one = asio::make_strand(ioc), request = asio::make_strand(ioc);
  asio::cancellation_signal stop_one, stop_request;
  std::promise<std::string> told;
  vc.get_provider_sync("link-1", "provider-1",
                       asio::bind_executor(one, asio::bind_cancellation_slot(
                                                    stop_one.slot(), [&told](hvc::result<hvc::sync_info> const& r) {
                                                      told.set_value(r ? "answered" : r.error().message());
                                                    })));
  auto all = asio::co_spawn(request, ask_all(request, vc, {"link-1", "link-2", "link-3"}),
                            asio::bind_cancellation_slot(stop_request.slot(), asio::use_future));
  server.wait_until([&server] { return server.requests() == 4; });

  asio::post(one, [&stop_one] { stop_one.emit(asio::cancellation_type::terminal); });
  std::cout << "one call: " << told.get_future().get() << '\n';
  asio::post(request, [&stop_request] { stop_request.emit(asio::cancellation_type::terminal); });
  std::cout << all.get();

  vc.async_close(asio::use_future).get();
  work.reset();
}
