// Whoever waits for the library keeps the io_context running until he was told, also where another thread asks than
// those that run it: between two handlers run() never finds that nothing is left to do, and returns.
#include "client_fixture.hpp"

#include <hvc/sweep.hpp>
#include <hvc/watch.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/query.hpp>
#include <boost/asio/require.hpp>
#include <boost/asio/system_executor.hpp>

namespace asio = boost::asio;
using namespace hvc::test;

namespace {

// Another thread that runs the io_context, at its fastest: when something is posted from outside, it has done before
// whatever it found; or it has done that, too, before the post returns.
struct fast_runner {
  asio::io_context& context;
  bool on = false;
  bool does_it_at_once = false;
  bool returned = false; // it had nothing left to do: run() would have returned

  void start() {
    context.restart();
    on = true;
  }
  void overtake() {
    if (!std::exchange(on, false))
      return;
    context.poll();
    returned = returned || context.stopped();
    on = true;
  }
};

// The io_context's executor, overtaken.
template <class Inner> class overtaken {
public:
  overtaken(Inner inner, fast_runner& r) noexcept : inner_(std::move(inner)), runner_(&r) {}

  template <class F> void execute(F&& f) const {
    runner_->overtake();
    auto const runner = runner_; // this executor may be the client's, and go with it
    asio::require(inner_, asio::execution::blocking.never).execute(std::forward<F>(f));
    if (runner->does_it_at_once)
      runner->overtake();
  }
  template <class Property>
  requires asio::can_query<Inner const&, Property>::value [[nodiscard]] decltype(auto)
  query(Property const& p) const noexcept {
    return asio::query(inner_, p);
  }
  template <class Property>
  requires asio::can_require<Inner const&, Property>::value [[nodiscard]] auto require(Property const& p) const {
    return overtaken<std::decay_t<decltype(asio::require(inner_, p))>>(asio::require(inner_, p), *runner_);
  }
  friend bool operator==(overtaken const&, overtaken const&) = default;

private:
  Inner inner_;
  fast_runner* runner_;
};

struct overtaken_world : world {
  fast_runner runner{context};
  asio::any_io_executor executor{overtaken(context.get_executor(), runner)};

  // A handler that keeps nothing busy itself, as that of a future.
  template <class F> static auto detached(F f) { return asio::bind_executor(asio::system_executor(), std::move(f)); }
  hvc::client make_closed_client() {
    hvc::client c(executor, options());
    c.async_close(asio::detached);
    REQUIRE(run_out());
    context.restart();
    return c;
  }
};

} // namespace

TEST_CASE("P20 a close from another thread is told before run() finds nothing to do") {
  overtaken_world w;
  hvc::client c(w.executor, w.options());
  REQUIRE(w.get(c).has_value());
  w.runner.start();
  bool closed = false;
  c.async_close(w.detached([&] { closed = true; }));
  CHECK_FALSE(w.runner.returned);
  CHECK(w.run_out());
  CHECK(closed);
}

TEST_CASE("U11 a handler on another thread may destroy the client before the call that ends at once has returned") {
  overtaken_world w;
  auto c = std::make_unique<hvc::client>(w.executor, w.options());
  unsigned ended = 0;
  auto const end = [&](auto const&...) {
    ++ended;
    c.reset();
  };
  w.runner.does_it_at_once = true;
  SECTION("a close") {
    REQUIRE(w.get(*c).has_value());
    w.runner.start();
    c->async_close(w.detached(end));
  }
  SECTION("a call that needs no request") {
    w.runner.start();
    c->log_in(w.detached(end));
  }
  CHECK(ended == 1);
}

TEST_CASE("L2 a watch's next() that another thread cancels is told before run() finds nothing to do") {
  overtaken_world w;
  hvc::client c = w.make_closed_client();
  hvc::watch watched(c, "link-1", "provider-1", hvc::watch_options().interval(1h));
  unsigned told = 0;
  auto const count = [&](auto const&) { ++told; };
  watched.next(w.detached(count));
  REQUIRE(w.run_until([&] { return told == 1; })); // closed; from here on it has only its alarm

  asio::cancellation_signal signal;
  watched.next(asio::bind_cancellation_slot(signal.slot(), w.detached(count)));
  w.runner.start();
  SECTION("by its slot") { signal.emit(asio::cancellation_type::terminal); }
  SECTION("by a stop") { watched.stop(); }
  CHECK_FALSE(w.runner.returned);
  CHECK(w.run_out());
  CHECK(told == 2);
}

TEST_CASE("L2 a sweep's next() that another thread stops is told before run() finds nothing to do") {
  overtaken_world w;
  hvc::client c = w.make_closed_client();
  hvc::sweep swept(c, std::vector<hvc::question>{{"link-1", "provider-1"}, {"link-1", "provider-2"}},
                   hvc::sweep_options().rate(0.001));
  unsigned told = 0;
  auto const count = [&](auto const&) { ++told; };
  swept.next(w.detached(count));
  REQUIRE(w.run_until([&] { return told == 1; })); // the second question is to be asked in a thousand seconds
  w.context.poll();                                // and the alarm that took its memory rings now
  swept.next(w.detached(count));
  w.runner.start();
  swept.stop();
  CHECK_FALSE(w.runner.returned);
  CHECK(w.run_out());
  CHECK(told == 2);
}

TEST_CASE("P20 what comes and goes before the io_context runs leaves it as it was") {
  world w;
  {
    hvc::client c = w.make_client();
    hvc::watch const watched(c, "link-1", "provider-1");
    hvc::sweep const swept(c, std::vector<hvc::question>{{"link-1", "provider-1"}});
  }
  CHECK_FALSE(w.context.stopped());
}
