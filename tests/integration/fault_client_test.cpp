// Misuse, lifecycle and what a client keeps to itself, against the simulator.
#include "fault_fixture.hpp"

#include <hvc/observer.hpp>
#include <hvc/simulator/simulator.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/strand.hpp>

#include <map>
#include <mutex>
#include <set>

using namespace hvc;
using namespace hvc::test;
using std::chrono::milliseconds;

namespace {

class simulated_world : public basic_fault_world<simulator> {
public:
  using basic_fault_world::basic_fault_world;
  [[nodiscard]] client_options options() const { return options_for(server.server(), server.ca_pem()); }
  [[nodiscard]] hvc::client make_client() { return hvc::client(context.get_executor(), options()); }
  [[nodiscard]] hvc::client make_client(client_options o) { return hvc::client(context.get_executor(), std::move(o)); }
};

// What the constructor says of the options; empty if it takes them.
std::string refusal_of(client_options const& o) {
  boost::asio::io_context context;
  try {
    client const c(context.get_executor(), o);
    return {};
  } catch (std::invalid_argument const& e) {
    return e.what();
  }
}

template <class F> std::string refusal_with(F change) {
  auto o = client_options().server("https://vc.example");
  o.tls().pin_sha256(std::string(64, 'a')); // reads no certificates, which would take most of the time
  change(o);
  return refusal_of(o);
}

} // namespace

TEST_CASE("U7 a server that is no https host is refused by the constructor") {
  for (std::string_view const url :
       {"", "vc.example", "http://vc.example", "https://", "https://:443", "https://vc.example:0",
        "https://vc.example:65536", "https://vc.example:", "https://vc.example:4x", "https://user@vc.example",
        "https://user:password@vc.example", "https://vc.example/ui", "https://vc.example?x", "https://vc.example#x",
        "https://vc.example\r\nx: y", "https://vc example", "https://[::1", "https://[::1]x", "https://[vc]"}) {
    CAPTURE(std::string(url));
    auto const why = refusal_of(client_options().server(std::string(url)));
    CHECK(why.starts_with("server"));
    CHECK(why.find("password") == std::string::npos);
  }
  for (std::string_view const url : {"https://vc.example", "https://vc.example:8443", "https://127.0.0.1",
                                     "https://[::1]:1", "https://VC.Example.", "https://vc.example:65535"}) {
    CAPTURE(std::string(url));
    CHECK(refusal_of(client_options().server(std::string(url))).empty());
  }
}

TEST_CASE("U8 an option out of range is refused by the constructor, which names it") {
  using o = client_options;
  CHECK(refusal_with([](o& c) { c.pool().max_connections = 0; }).starts_with("pool.max_connections"));
  CHECK(refusal_with([](o& c) { c.pool().idle_timeout = -1ms; }).starts_with("pool.idle_timeout"));
  CHECK(refusal_with([](o& c) { c.pool().max_lifetime = -1ms; }).starts_with("pool.max_lifetime"));
  CHECK(refusal_with([](o& c) { c.timeouts().connect = 0ms; }).starts_with("timeouts.connect"));
  CHECK(refusal_with([](o& c) { c.timeouts().handshake = -5ms; }).starts_with("timeouts.handshake"));
  CHECK(refusal_with([](o& c) { c.timeouts().attempt = 0ms; }).starts_with("timeouts.attempt"));
  CHECK(refusal_with([](o& c) { c.timeouts().logout = -1ms; }).starts_with("timeouts.logout"));
  CHECK(refusal_with([](o& c) { c.retry().attempts = 0; }).starts_with("retry.attempts"));
  CHECK(refusal_with([](o& c) { c.retry().base = -1ms; }).starts_with("retry.base"));
  CHECK(refusal_with([](o& c) { c.retry().cap = -1ms; }).starts_with("retry.cap"));
  CHECK(refusal_with([](o& c) { c.limits().head_bytes = 0; }).starts_with("limits.head_bytes"));
  CHECK(refusal_with([](o& c) { c.limits().header_fields = 0; }).starts_with("limits.header_fields"));
  CHECK(refusal_with([](o& c) { c.limits().body_bytes = 0; }).starts_with("limits.body_bytes"));
  CHECK(refusal_with([](o& c) { c.limits().body_bytes = 8 * 1024 * 1024 + 1; }).starts_with("limits.body_bytes"));
  CHECK(refusal_with([](o& c) { c.limits().json_depth = 0; }).starts_with("limits.json_depth"));
  CHECK(refusal_with([](o& c) { c.deadline(0ms); }).starts_with("deadline"));
  CHECK(refusal_with([](o& c) { c.user_agent("a\r\nb"); }).starts_with("user_agent"));
  CHECK(refusal_with([](o& c) { c.limits().body_bytes = 8 * 1024 * 1024; }).empty());
  CHECK(refusal_with([](o& c) { c.pool().max_connections = 1; }).empty());
}

TEST_CASE("U8 what an option may be at least and at most is taken, one less and one more is not") {
  auto const is_bounded = [](auto member, auto least, auto most) {
    using value = decltype(least);
    auto const taken = [&](value v) { return refusal_with([&](client_options& c) { member(c) = v; }).empty(); };
    CHECK(taken(least));
    CHECK(taken(static_cast<value>(least + value(1))));
    CHECK(taken(most));
    CHECK_FALSE(taken(static_cast<value>(most + value(1))));
    if (least > value(0))
      CHECK_FALSE(taken(static_cast<value>(least - value(1))));
  };
  using o = client_options;
  is_bounded(
      [](o & c) -> auto& { return c.pool().max_connections; }, 1U, 65'536U);
  is_bounded(
      [](o & c) -> auto& { return c.pool().max_waiters; }, 1U, 10'000'000U);
  is_bounded(
      [](o & c) -> auto& { return c.retry().attempts; }, 1U, 1'000U);
  is_bounded(
      [](o & c) -> auto& { return c.limits().head_bytes; }, std::size_t(256), std::size_t(1024 * 1024));
  is_bounded(
      [](o & c) -> auto& { return c.limits().header_fields; }, 1U, 10'000U);
  is_bounded(
      [](o & c) -> auto& { return c.limits().body_bytes; }, std::size_t(1), std::size_t(8 * 1024 * 1024));
  is_bounded(
      [](o & c) -> auto& { return c.limits().json_depth; }, 1U, 256U);
  milliseconds const year = std::chrono::hours(24 * 365);
  is_bounded(
      [](o & c) -> auto& { return c.pool().idle_timeout; }, 1ms, year);
  is_bounded(
      [](o & c) -> auto& { return c.pool().max_lifetime; }, 1ms, year);
  is_bounded(
      [](o & c) -> auto& { return c.timeouts().connect; }, 1ms, year);
  is_bounded(
      [](o & c) -> auto& { return c.timeouts().handshake; }, 1ms, year);
  is_bounded(
      [](o & c) -> auto& { return c.timeouts().attempt; }, 1ms, year);
  is_bounded(
      [](o & c) -> auto& { return c.timeouts().logout; }, 1ms, year);
  is_bounded(
      [](o & c) -> auto& { return c.retry().base; }, 1ms, year);
  is_bounded(
      [](o & c) -> auto& { return c.retry().throttled_base; }, 1ms, year);
  is_bounded(
      [](o & c) -> auto& { return c.retry().cap; }, 1ms, year);
  for (auto const& [d, taken] :
       {std::pair(0ms, false), std::pair(1ms, true), std::pair(year, true), std::pair(year + 1ms, false)}) {
    CHECK(refusal_with([&](o& c) { c.deadline(d); }).empty() == taken);
    CHECK(refusal_with([&](o& c) { c.login_cool_down(d); }).empty() == taken);
  }
  CHECK_FALSE(refusal_with([](o& c) { c.retry().max_retry_after = -1ms; }).empty());
  CHECK(refusal_with([](o& c) { c.retry().max_retry_after = 0ms; }).empty());
}

TEST_CASE("U9 a client moved from refuses what it is asked, and closes") {
  simulated_world w;
  auto from = w.make_client();
  CHECK(outcome_of(w.get(from)) == "OK");
  auto to = std::move(from);
  CHECK(outcome_of(w.get(from)) == "invalid_argument(client)"); // NOLINT(bugprone-use-after-move)
  CHECK(from.get_executor() == to.get_executor());
  CHECK(from.stats().calls_started == 0);
  w.close(from);
  CHECK(outcome_of(w.get(to)) == "OK");
  CHECK(w.server.connections_accepted() == 1);
  from = std::move(to);
  CHECK(outcome_of(w.get(from)) == "OK");
  CHECK(outcome_of(w.get(to)) == "invalid_argument(client)");
  from = w.make_client();
  CHECK(outcome_of(w.get(from)) == "OK");
}

TEST_CASE("U9 an operation may be started twice, and goes where its client was moved to meanwhile") {
  simulated_world w;
  auto from = w.make_client();
  unsigned ended = 0;
  auto const count = [&](result<sync_info> const& r) { ended += r.has_value() ? 1U : 0U; };
  auto const operation = from.get_provider_sync("link-1", "provider-1", boost::asio::deferred);
  operation(count);
  auto const to = std::move(from);
  operation(count);
  CHECK(w.run_until([&] { return ended == 2; }));
}

TEST_CASE("P25 clients share no connection and no session, even to one server") {
  simulated_world w;
  std::map<std::uint64_t, std::set<std::string>> agents; // by connection
  std::mutex mutex;
  w.server.on_request([&](simulated_request const& r) -> std::optional<canned_reply> {
    std::lock_guard const lock(mutex);
    agents[r.connection].insert(std::string(r.field("vmware-api-session-id")));
    return std::nullopt;
  });
  auto one = w.make_client(w.options().credentials(session_token("of-one")));
  auto other = w.make_client(w.options().credentials(session_token("of-the-other")));
  for (int n = 0; n != 3; ++n) {
    CHECK(outcome_of(w.get(one)) == "OK");
    CHECK(outcome_of(w.get(other)) == "OK");
  }
  std::lock_guard const lock(mutex);
  CHECK(agents.size() == 2);
  for (auto const& [connection, tokens] : agents)
    CHECK(tokens.size() == 1);
}

TEST_CASE("J9 huge strings, arrays and objects are decoded in linear time, or meet the limit of the body") {
  simulated_world w;
  auto const answered = [&](std::string const& body, std::size_t limit) {
    w.server.set_reply("link-1", "provider-1", canned_reply(200, body));
    auto o = w.options();
    o.limits().body_bytes = limit;
    auto client = w.make_client(o);
    return outcome_of(w.get(client));
  };
  constexpr std::size_t most = 8 * 1024 * 1024;
  std::string const start = R"({"status":"SUCCEEDED","polling_interval_in_seconds":300,"future":)";
  std::string const string_bomb = start + '"' + std::string(7 * 1024 * 1024, 'x') + "\"}";
  std::string array_bomb = start + "[0";
  for (int n = 0; n != 1'000'000; ++n)
    array_bomb += ",0";
  array_bomb += "]}";
  std::string key_bomb = start + "{\"k\":0";
  for (int n = 0; n != 500'000; ++n)
    key_bomb += ",\"k" + std::to_string(n) + "\":0";
  key_bomb += "}}";
  for (auto const& bomb : {string_bomb, array_bomb, key_bomb}) {
    auto const began = std::chrono::steady_clock::now();
    CHECK(answered(bomb, most) == "OK");
    CHECK(std::chrono::steady_clock::now() - began < 8s); // instrumented, and on a busy machine
    CHECK(answered(bomb, 1024 * 1024) == "limit(body)");
  }
}

TEST_CASE(
    "L3 L6 a call cancelled after any number of steps ends once, in the middle of any fault, and hurts no other") {
  using boost::asio::cancellation_type;
  for (std::string_view const fault : {"", "503", "401", "reset", "close", "truncate", "stall", "stall-in-body", "slow",
                                       "garbage", "close-idle", "extra-bytes", "big-head"}) {
    simulated_world w;
    for (unsigned steps = 0; steps != 24; ++steps) {
      CAPTURE(std::string(fault), steps);
      auto client = w.make_client(w.options().credentials(user_password("user", "password")).deadline(400ms));
      if (!fault.empty())
        w.server.fault_next(fault);
      boost::asio::cancellation_signal signal;
      unsigned ends = 0;
      error_kind kind{};
      client.get_provider_sync("link-1", "provider-1",
                               boost::asio::bind_cancellation_slot(signal.slot(), [&](result<sync_info> r) {
                                 ++ends;
                                 kind = r ? error_kind{} : r.error().kind();
                               }));
      w.context.restart();
      for (unsigned n = 0; n != steps && ends == 0; ++n)
        w.context.run_one_for(30ms);
      bool const pending = ends == 0;
      signal.emit(cancellation_type::terminal);
      REQUIRE(w.run_until([&] { return ends != 0; }));
      CHECK((!pending || kind == error_kind::canceled));
      if (!fault.empty()) // one that was not met is not for the next call
        CHECK(w.run_until([&] { return w.get(client).has_value() || w.get(client).has_value(); }));
      CHECK(outcome_of(w.get(client)) == "OK");
      CHECK(ends == 1);
    }
  }
}

TEST_CASE("L7 an io_context that stops in the middle and runs again later finishes its calls") {
  simulated_world w;
  for (unsigned steps = 1; steps != 16; ++steps) {
    CAPTURE(steps);
    auto client = w.make_client();
    std::optional<result<sync_info>> r;
    client.get_provider_sync("link-1", "provider-1", [&](result<sync_info> x) { r = std::move(x); });
    w.context.restart();
    for (unsigned n = 0; n != steps && !r; ++n)
      w.context.run_one_for(1s);
    w.context.stop();
    REQUIRE(w.run_until([&] { return r.has_value(); }));
    CHECK(outcome_of(*r) == "OK");
  }
}

TEST_CASE("L13 a client with idle connections runs no handler") {
  simulated_world w;
  auto client = w.make_client();
  CHECK(outcome_of(w.get(client)) == "OK");
  w.context.restart();
  static_cast<void>(
      w.context.run_for(100ms)); // what the call left to do: session tickets, and the alarm of its deadline
  w.context.restart();
  CHECK(w.context.run_for(500ms) == 0);
}

TEST_CASE("L14 when every call fails an observer is told of each, and no call waits for it") {
  class counter final : public observer {
  public:
    void connection_closed(error const* why) override { failures += why != nullptr ? 1U : 0U; }
    void retrying(std::string_view, error const&, std::chrono::milliseconds) override { ++retries; }
    std::atomic<unsigned> failures = 0, retries = 0;
  };
  simulated_world w;
  auto const told = std::make_shared<counter>();
  auto o = w.options().observer(told);
  o.retry().budget = 100;
  auto client = w.make_client(o);
  w.server.stop();
  constexpr unsigned calls = 2'000;
  unsigned ended = 0, refused = 0;
  for (unsigned n = 0; n != calls; ++n)
    client.get_provider_sync("link-1", "provider-1", [&](result<sync_info> r) {
      ++ended;
      refused += outcome_of(r) == "connect" ? 1U : 0U;
    });
  REQUIRE(w.run_until([&] { return ended == calls; }));
  CHECK(refused == calls);
  CHECK(told->failures == client.stats().connections_failed);
  CHECK(told->retries == client.stats().retries);
  CHECK(told->retries <= 100 / 14 + 1);
}

TEST_CASE("an observer is told on the client's executor only, whoever caused what it is told") {
  class listener final : public observer {
  public:
    explicit listener(boost::asio::io_context& c) : context_(c) {}
    void connection_opened(bool) override { hear(); }
    void connection_closed(error const*) override { hear(); }
    void retrying(std::string_view, error const&, std::chrono::milliseconds) override { hear(); }
    void login_finished(error const*) override { hear(); }
    unsigned heard = 0, elsewhere = 0;

  private:
    void hear() {
      ++heard;
      elsewhere += context_.get_executor().running_in_this_thread() ? 0U : 1U;
    }
    boost::asio::io_context& context_;
  };
  simulated_world w;
  auto const told = std::make_shared<listener>(w.context);
  {
    auto client = w.make_client(w.options().observer(told));
    CHECK(outcome_of(w.get(client)) == "OK");
    boost::asio::cancellation_signal signal;
    std::optional<result<sync_info>> r;
    w.server.fault_next("stall");
    client.get_provider_sync(
        "link-1", "provider-1",
        boost::asio::bind_cancellation_slot(signal.slot(), [&](result<sync_info> x) { r = std::move(x); }));
    CHECK(w.run_until([&] { return w.server.requests() == 2; }));
    signal.emit(boost::asio::cancellation_type::terminal); // nobody runs the context now
    REQUIRE(w.run_until([&] { return r.has_value(); }));
    CHECK(told->heard == 2);
    CHECK(outcome_of(w.get(client)) == "OK");
    CHECK(told->heard == 3);
  } // closes the connection
  CHECK(told->heard == 3);
  CHECK(w.run_until([&] { return told->heard == 4; }));
  CHECK(told->elsewhere == 0);
}

TEST_CASE("L9 a handler may be bound to a strand of any executor") {
  simulated_world w;
  auto client = w.make_client();
  auto const strand = boost::asio::make_strand(boost::asio::any_io_executor(w.context.get_executor()));
  bool on_strand = false, closed = false;
  client.get_provider_sync("link-1", "provider-1", boost::asio::bind_executor(strand, [&](result<sync_info> const& r) {
                             on_strand = strand.running_in_this_thread() && r.has_value();
                           }));
  REQUIRE(w.run_until([&] { return on_strand; }));
  client.async_close(boost::asio::bind_executor(strand, [&] { closed = strand.running_in_this_thread(); }));
  CHECK(w.run_until([&] { return closed; }));
}
