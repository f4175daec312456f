// How a sweep ends: cancelled, stopped, destroyed, with its client or its io_context.
#include "sweep_fixture.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/detached.hpp>

#include <map>
#include <memory>

namespace asio = boost::asio;
using namespace hvc::test;

TEST_CASE("a cancelled next() loses nothing") {
  world w;
  hvc::client c = w.make_client();
  asio::cancellation_signal signal;
  hvc::sweep s(c, all_questions(12), fast(1));
  int ends = 0;
  s.next(asio::bind_cancellation_slot(signal.slot(), [&](std::optional<hvc::swept> const& r) { ends += r ? 100 : 1; }));
  signal.emit(asio::cancellation_type::total);
  CHECK(w.run_until([&] { return ends == 1; }));
  signal.emit(asio::cancellation_type::total); // too late
  CHECK(rest_of(w, s).size() == 12);
}

TEST_CASE("an early stop asks no more, and gives what had come by then") {
  world w;
  hvc::canned_reply never(200, "{}");
  never.delay = 1h;
  w.server.set_reply("link-1", "provider-3", never);
  for (bool const in_order : {false, true}) {
    hvc::client c = w.make_client();
    hvc::sweep s(c, all_questions(12), fast(3).in_order(in_order));
    CHECK(next_of(w, s));
    CHECK(w.run_until([&] { return s.progress().in_flight == 1; })); // two came, one is never answered
    s.stop();
    s.stop();
    CHECK(rest_of(w, s).size() == 1);
    CHECK(w.run_until([&] { return s.progress().in_flight == 0; }));
    CHECK(w.run_until([&] { return c.stats().busy == 0; }));
    CHECK(s.progress().done == 2);
    w.close(c);
  }
}

TEST_CASE("a stop, or the end of the sweep, ends the waiting") {
  world w;
  hvc::canned_reply never(200, "{}");
  never.delay = 1h;
  w.server.set_reply("link-1", "provider-1", never);
  hvc::client c = w.make_client();
  for (bool const destroyed : {false, true}) {
    std::optional<hvc::sweep> s(std::in_place, c, all_questions(1), fast());
    int ends = 0;
    s->next([&](std::optional<hvc::swept> const& r) { ends += r ? 100 : 1; });
    CHECK(w.run_until([&] { return c.stats().busy == 1; }));
    if (destroyed)
      s.reset();
    else
      s->stop();
    CHECK(w.run_until([&] { return ends == 1; }));
    CHECK(w.run_until([&] { return c.stats().busy == 0; }));
  }
}

TEST_CASE("a function that is called back may stop or destroy the sweep: it is called no more, and the handler is") {
  world w;
  hvc::client c = w.make_client();
  for (bool const destroyed : {false, true}) {
    auto s = std::make_unique<hvc::sweep>(c, all_questions(12), fast());
    unsigned results = 0, ends = 0;
    s->each(
        [&](hvc::swept const&) {
          ++results;
          if (destroyed)
            s.reset();
          else
            s->stop();
        },
        [&] { ++ends; });
    CHECK(w.run_until([&] { return ends == 1; }));
    CHECK(results >= 1); // of what had come by then, a stop leaves all
    CHECK((results == 1 || !destroyed));
  }
}

TEST_CASE("L2 each() ends after the result whose function cancels it, and the sweep goes on") {
  world w;
  hvc::client c = w.make_client();
  hvc::sweep s(c, all_questions(12), fast());
  asio::cancellation_signal signal;
  unsigned results = 0, ends = 0;
  s.each(
      [&](hvc::swept const&) {
        if (++results == 3)
          signal.emit(asio::cancellation_type::terminal);
      },
      asio::bind_cancellation_slot(signal.slot(), [&] { ++ends; }));
  REQUIRE(w.run_until([&] { return ends == 1; }));
  CHECK(results == 3);
  s.each([&](hvc::swept const&) { ++results; }, [&] { ++ends; });
  REQUIRE(w.run_until([&] { return ends == 2; }));
  CHECK(results == 12);
}

TEST_CASE("a client that closes, or goes, leaves every question its result") {
  world w;
  hvc::canned_reply never(200, "{}");
  never.delay = 1h;
  w.server.set_reply("link-1", "provider-1", never);
  for (bool const destroyed : {false, true}) {
    std::optional<hvc::client> c(w.make_client());
    hvc::sweep s(*c, all_questions(12), fast(1));
    std::map<std::string, unsigned> tally;
    bool ended = false;
    s.each([&](hvc::swept const& r) { ++tally[outcome_of(r.info)]; }, [&] { ended = true; });
    CHECK(w.run_until([&] { return c->stats().busy == 1; }));
    if (destroyed)
      c.reset();
    else
      c->async_close(asio::detached);
    CHECK(w.run_until([&] { return ended; }));
    CHECK(tally == std::map<std::string, unsigned>{{"closed", 12}});
  }
  hvc::client first = w.make_client();
  hvc::client const second(std::move(first));
  hvc::sweep of_none(first, all_questions(2), fast()); // NOLINT(bugprone-use-after-move): that is the test
  for (auto const& r : rest_of(w, of_none))
    CHECK(outcome_of(r.info) == "invalid_argument(client)");
}

TEST_CASE("an io_context is destroyed wherever a coroutine sweeps: all of it goes") {
  for (int turns = 0; turns < 60; turns += 2)
    for (double const rate : {0.0, 200.0}) {
      auto const alive = std::make_shared<int>();
      {
        world w;
        auto const sweeping = [&w, rate](std::shared_ptr<int>) -> asio::awaitable<void> {
          hvc::client c = w.make_client();
          hvc::sweep s(c, hvc::everything, fast(2).rate(rate));
          while (co_await s.next()) {
          }
        };
        asio::co_spawn(w.context, sweeping(alive), asio::detached);
        for (int i = 0; i < turns; ++i)
          w.context.run_one_for(2ms);
      }
      REQUIRE(alive.use_count() == 1);
    }
}
