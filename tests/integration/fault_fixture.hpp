// What the tests with a scripted server share: the server, and the io_context of its clients, which the test runs.
#pragma once

#include "catch.hpp"
#include "outcome.hpp"
#include "scripted_server.hpp"

#include <hvc/client.hpp>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <functional>
#include <optional>

namespace hvc::test {

using namespace std::chrono_literals;

inline client_options options_for(std::string url, std::string ca_pem) {
  client_options o;
  o.server(std::move(url)).seed(1).deadline(10s);
  o.tls().ca_pem(std::move(ca_pem));
  o.retry().base = 1ms;
  o.retry().throttled_base = 1ms;
  return o;
}

inline client_options one_attempt(client_options o) {
  o.retry().attempts = 1;
  return o;
}

// A server with manners: any number of good replies.
inline void behave(conversation& c) {
  c.shake_hands();
  for (;;) {
    c.hear();
    c.say(good_reply());
  }
}

// The client goes first, then the server, whose scripts end with their clients.
template <class Server> class basic_fault_world {
public:
  template <class... Arguments> explicit basic_fault_world(Arguments&&... a) : server(std::forward<Arguments>(a)...) {}

  [[nodiscard]] bool run_until(std::function<bool()> const& condition, std::chrono::milliseconds at_most = 20s) {
    auto const busy = boost::asio::make_work_guard(context); // the condition may look at the server, which wakes nobody
    auto const end = std::chrono::steady_clock::now() + at_most;
    context.restart();
    while (!condition()) {
      if (std::chrono::steady_clock::now() >= end)
        return false;
      context.run_one_for(2ms);
    }
    return true;
  }

  result<sync_info> get(hvc::client& c, call_options const& o = call_options()) {
    std::optional<result<sync_info>> r;
    c.get_provider_sync("link-1", "provider-1", o, [&](result<sync_info> x) { r = std::move(x); });
    REQUIRE(run_until([&] { return r.has_value(); }));
    return *std::move(r);
  }

  void close(hvc::client& c) {
    bool closed = false;
    c.async_close([&] { closed = true; });
    REQUIRE(run_until([&] { return closed; }));
  }

  Server server;
  boost::asio::io_context context;
};

class fault_world : public basic_fault_world<scripted_server> {
public:
  using basic_fault_world::basic_fault_world;
  [[nodiscard]] client_options options() const { return options_for(server.url(), server.ca_pem()); }
  [[nodiscard]] hvc::client make_client() { return hvc::client(context.get_executor(), options()); }
  [[nodiscard]] hvc::client make_client(client_options o) { return hvc::client(context.get_executor(), std::move(o)); }
};

// Set by one thread, awaited by another.
class signal_flag {
public:
  void set() noexcept {
    set_ = true;
    set_.notify_all();
  }
  [[nodiscard]] bool is_set() const noexcept { return set_; }
  void wait() const noexcept { set_.wait(false); }

private:
  std::atomic<bool> set_ = false;
};

} // namespace hvc::test
