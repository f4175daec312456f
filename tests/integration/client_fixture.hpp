// What the tests of the client share: a simulator with a thread of its own, an io_context that the test itself runs,
// and calls that wait for their answer. No test sleeps: each runs the io_context until something holds.
#pragma once

#include "catch.hpp"
#include "outcome.hpp"

#include <hvc/client.hpp>
#include <hvc/simulator/simulator.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <exception>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace hvc::test {

using namespace std::chrono_literals;

// What a function throws, in its words; nothing if it does not.
template <class F> std::string complaint_of(F f) {
  try {
    f();
  } catch (std::exception const& e) {
    return e.what();
  }
  return {};
}

// A server that knows one user.
inline simulator_options with_user(std::string name, std::string password) {
  simulator_options o;
  o.user = std::move(name);
  o.password = std::move(password);
  return o;
}

// A server, and the io_context of its clients.
class world {
public:
  explicit world(simulator_options o = simulator_options()) : server(std::move(o)) {}

  [[nodiscard]] client_options options() const {
    client_options o;
    o.server(server.server()).seed(1);
    o.tls().ca_pem(server.ca_pem());
    o.retry().base = 1ms;
    o.retry().throttled_base = 1ms;
    return o;
  }
  [[nodiscard]] hvc::client make_client() { return hvc::client(context.get_executor(), options()); }
  [[nodiscard]] hvc::client make_client(client_options o) { return hvc::client(context.get_executor(), std::move(o)); }

  // Runs the io_context until the condition holds. The condition may look at the server, too, which wakes nobody here:
  // hence the short turns.
  [[nodiscard]] bool run_until(std::function<bool()> const& condition, std::chrono::milliseconds at_most = 20s) {
    auto const end = std::chrono::steady_clock::now() + at_most;
    while (!condition()) {
      if (std::chrono::steady_clock::now() >= end)
        return false;
      if (context.stopped())
        context.restart();
      if (context.run_one_for(2ms) == 0 && context.stopped())
        server.wait_until(condition, 2ms);
    }
    return true;
  }
  // Runs it until there is nothing left to do.
  [[nodiscard]] bool run_out(std::chrono::milliseconds at_most = 20s) {
    context.restart();
    context.run_for(at_most);
    return context.stopped();
  }

  // One call, and what came of it.
  result<sync_info> get(hvc::client& c, std::string_view link = "link-1", std::string_view provider = "provider-1",
                        call_options const& o = call_options()) {
    std::optional<result<sync_info>> r;
    c.get_provider_sync(link, provider, o, [&](result<sync_info> x) { r = std::move(x); });
    REQUIRE(run_until([&] { return r.has_value(); }));
    return *std::move(r);
  }
  void close(hvc::client& c) {
    bool closed = false;
    c.async_close([&] { closed = true; });
    REQUIRE(run_until([&] { return closed; }));
  }

  // Runs a coroutine to its end. It must own, or have closed, its clients.
  template <class F> void run(F body) {
    std::optional<std::exception_ptr> ended;
    boost::asio::co_spawn(context, body(), [&](std::exception_ptr e) { ended = e; });
    REQUIRE(run_until([&] { return ended.has_value(); }, 60s));
    if (*ended)
      std::rethrow_exception(*ended);
  }

  hvc::simulator server;
  boost::asio::io_context context;
};

// Many calls, and how each ended.
class calls {
public:
  explicit calls(world& w) : world_(w) {}

  void get(hvc::client& c, std::string_view link = "link-1", std::string_view provider = "provider-1",
           call_options const& o = call_options()) {
    auto const index = results_.size();
    results_.emplace_back();
    c.get_provider_sync(link, provider, o, [this, index](result<sync_info> r) {
      ++ended_;
      completions_ += results_[index] ? 1000000U : 0U; // twice: never
      results_[index] = std::move(r);
      order_.push_back(index);
    });
  }
  void wait() {
    REQUIRE(world_.run_until([&] { return ended_ == results_.size(); }, 60s));
    REQUIRE(completions_ == 0);
  }

  [[nodiscard]] std::size_t ended() const noexcept { return ended_; }
  [[nodiscard]] std::vector<std::size_t> const& order() const noexcept { return order_; }
  [[nodiscard]] result<sync_info> const& operator[](std::size_t i) const { return *results_.at(i); }
  // "OK" 998, "connection_lost(before_headers)" 2.
  [[nodiscard]] std::map<std::string, std::size_t> tally() const {
    std::map<std::string, std::size_t> t;
    for (auto const& r : results_)
      if (r)
        ++t[outcome_of(*r)];
    return t;
  }
  [[nodiscard]] bool all(std::string const& outcome) const {
    auto const t = tally();
    return t.size() == 1 && t.begin()->first == outcome && t.begin()->second == results_.size();
  }

private:
  world& world_;
  std::vector<std::optional<result<sync_info>>> results_;
  std::vector<std::size_t> order_;
  std::size_t ended_ = 0;
  unsigned completions_ = 0;
};

// The answer names its question.
inline bool belongs_to(result<sync_info> const& r, std::string_view link, std::string_view provider) {
  if (!r || !r->status_message)
    return false;
  auto const& args = r->status_message->args;
  return args.size() >= 2 && args[0] == link && args[1] == provider;
}

} // namespace hvc::test
