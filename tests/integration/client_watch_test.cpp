// Watching one provider, and waiting for its synchronisation, over the simulator: what is told, when it is asked, and
// what both outlive.
#include "watch_fixture.hpp"

#include <hvc/watch.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/detached.hpp>

#include <memory>
#include <stdexcept>

namespace asio = boost::asio;
using namespace hvc::test;

namespace {

using change = std::optional<hvc::result<hvc::sync_info>>;

hvc::watch_options often() { return hvc::watch_options().interval(1ms); }

change next_of(world& w, hvc::watch& watched) {
  std::optional<change> c;
  watched.next([&](change x) { c.emplace(std::move(x)); });
  REQUIRE(w.run_until([&] { return c.has_value(); }));
  return *std::move(c);
}

} // namespace

TEST_CASE("a watch tells the first answer, and then what differs from the one before, failures included") {
  world w;
  auto const a = in_stage(hvc::sync_stage::waiting, 0), b = in_stage(hvc::sync_stage::change_application, 3);
  script(w, {reply(a), reply(a), reply(a), reply(b), status(404), status(404), reply(b), reply(b), reply(a)});
  hvc::client c = w.make_client();
  hvc::watch watched(c, "link-1", "provider-1", often());
  CHECK(next_of(w, watched)->value() == a);
  CHECK(next_of(w, watched)->value() == b);
  CHECK(next_of(w, watched)->error().http_status() == 404);
  CHECK(next_of(w, watched)->value() == b);
  CHECK(next_of(w, watched)->value() == a);
  CHECK(w.server.requests() == 9);
}

TEST_CASE("a watch polls no faster than asked, by default as often as the server says") {
  world w;
  hvc::client c = w.make_client();
  auto info = in_stage(hvc::sync_stage::waiting, 0);
  script(w, {reply(info)});
  hvc::watch slow(c, "link-1", "provider-1"); // 300 s
  REQUIRE(next_of(w, slow));
  hvc::watch fast(c, "link-1", "provider-1", hvc::watch_options().interval(30ms));
  REQUIRE(next_of(w, fast));
  auto const asked = w.server.requests();
  auto const started = std::chrono::steady_clock::now();
  slow.next(asio::detached);
  fast.next(asio::detached);
  CHECK(w.run_until([&] { return w.server.requests() == asked + 4; }));
  CHECK(std::chrono::steady_clock::now() - started >= 90ms);
}

TEST_CASE("nobody is polled for while nobody waits") {
  world w;
  hvc::client c = w.make_client();
  hvc::watch watched(c, "link-1", "provider-1", often());
  CHECK(w.run_out());
  CHECK(w.server.requests() == 0);
  REQUIRE(next_of(w, watched));
  CHECK_FALSE(w.run_until([&] { return w.server.requests() > 1; }, 20ms));
}

TEST_CASE("a cancelled next() of a watch loses no change, and a stop ends the waiting") {
  world w;
  hvc::canned_reply slow = reply(in_stage(hvc::sync_stage::waiting, 0));
  slow.delay = 20ms;
  script(w, {slow});
  hvc::client c = w.make_client();
  hvc::watch watched(c, "link-1", "provider-1", often());
  asio::cancellation_signal signal;
  int ends = 0;
  watched.next(asio::bind_cancellation_slot(signal.slot(), [&](change const& x) { ends += x ? 100 : 1; }));
  CHECK_THROWS_AS(watched.next(asio::detached), std::logic_error);
  CHECK(w.run_until([&] { return c.stats().busy == 1; }));
  signal.emit(asio::cancellation_type::partial);
  CHECK(w.run_until([&] { return ends == 1; }));
  CHECK(w.run_until([&] { return c.stats().busy == 0; })); // the answer came, to nobody
  CHECK(next_of(w, watched)->has_value());
  CHECK(w.server.requests() == 1);
  watched.next([&](change const& x) { ends += x ? 100 : 1; });
  CHECK(w.run_until([&] { return w.server.requests() == 3; }));
  watched.stop();
  CHECK(w.run_until([&] { return ends == 2; }));
  CHECK_FALSE(next_of(w, watched));
}

TEST_CASE("a watch that goes ends the waiting; a client that closes is a change") {
  world w;
  hvc::client c = w.make_client();
  std::optional<hvc::watch> watched(std::in_place, c, "link-1", "provider-1", often());
  REQUIRE(next_of(w, *watched));
  int ends = 0;
  watched->next([&](change const& x) { ends += x ? 100 : 1; });
  watched.reset();
  CHECK(w.run_until([&] { return ends == 1; }));
  hvc::watch other(c, "link-1", "provider-1", often());
  REQUIRE(next_of(w, other));
  w.close(c);
  CHECK(outcome_of(*next_of(w, other)) == "closed");
}

TEST_CASE("impossible options of a watch and of a wait are refused by name") {
  world w;
  hvc::client c = w.make_client();
  auto const wait = [&](hvc::wait_options const& o) {
    return complaint_of([&] { hvc::wait_for_sync(c, "l", "p", o, asio::detached); });
  };
  CHECK(complaint_of([&] { hvc::watch(c, "l", "p", hvc::watch_options().interval(0ms)); }) ==
        "watch.interval: must be positive, and at most a year");
  CHECK(wait(hvc::wait_options().deadline(0ms)) == "wait.deadline: must be positive, and at most a year");
  CHECK(wait(hvc::wait_options().interval(-1ms)) == "wait.interval: must be positive, and at most a year");
}

TEST_CASE("a wait ends when the running session is over, with its progress told on the way") {
  for (auto const end : {hvc::sync_stage::completed, hvc::sync_stage::failed}) {
    world w;
    script(w, {reply(in_stage(hvc::sync_stage::change_detection, 0)),
               reply(in_stage(hvc::sync_stage::change_application, 2)),
               reply(in_stage(hvc::sync_stage::change_application, 2)),
               reply(in_stage(hvc::sync_stage::change_application, 6)), reply(in_stage(end, 8))});
    hvc::client c = w.make_client();
    std::vector<double> fractions;
    auto const r = wait_in(w, c, wait_often().on_progress([&](hvc::session_info const& s) {
      fractions.push_back(*hvc::fraction_done(s));
    }));
    REQUIRE(r.has_value());
    CHECK(r->current_session_info->stage == end);
    CHECK(fractions == std::vector<double>{0, 0.25, 0.75, 1});
  }
}

TEST_CASE("a wait after a start is for the new session, not for the one before") {
  hvc::simulator_options so;
  so.sync_duration = 50ms;
  world w(so);
  w.run([&]() -> asio::awaitable<void> {
    hvc::client c = w.make_client();
    auto const before = co_await c.get_provider_sync("link-1", "provider-1");
    CHECK(before->current_session_info->stage == hvc::sync_stage::completed);
    auto const started_before = before->current_session_info->start_time;
    CHECK((co_await c.start_provider_sync("link-1", "provider-1")).has_value());
    auto const r = co_await hvc::wait_for_sync(c, "link-1", "provider-1", wait_often().newer_than(started_before));
    CHECK(r->current_session_info->stage == hvc::sync_stage::completed);
    CHECK(r->current_session_info->start_time > started_before);
    auto const over = co_await hvc::wait_for_sync(c, "link-1", "provider-1"); // at once
    CHECK(over.value() == r.value());
    co_await c.async_close();
  });
}

TEST_CASE("a wait outlives a restarting server, lost connections and an expired session") {
  hvc::simulator_options so;
  so.user = "me";
  so.password = "secret";
  world w(so);
  auto lost = reply(in_stage(hvc::sync_stage::waiting, 0));
  lost.fault = "close";
  script(w, {reply(in_stage(hvc::sync_stage::waiting, 0)), status(503), status(502), lost, lost, lost, lost,
             status(401), status(503), reply(in_stage(hvc::sync_stage::completed, 8))});
  auto o = w.options().credentials(hvc::user_password("me", "secret"));
  o.retry().attempts = 1;
  hvc::client c = w.make_client(o);
  auto const r = wait_in(w, c, wait_often());
  REQUIRE(r.has_value());
  CHECK(r->current_session_info->stage == hvc::sync_stage::completed);
  CHECK(w.server.logins() == 2);
}

TEST_CASE("a wait tells of every answer that is another: failures it waits out, and what comes after them") {
  world w;
  auto const waiting = reply(in_stage(hvc::sync_stage::waiting, 0));
  auto none = in_stage(hvc::sync_stage::waiting, 0);
  none.current_session_info.reset();
  script(w, {waiting, status(503), status(503), reply(none), waiting, reply(in_stage(hvc::sync_stage::completed, 8))});
  auto o = w.options();
  o.retry().attempts = 1;
  hvc::client c = w.make_client(o);
  std::vector<std::string> told;
  auto const name_of = [](hvc::result<hvc::sync_info> const& answer) {
    if (!answer)
      return to_string(answer.error().kind());
    return answer->current_session_info ? answer->current_session_info->stage.name() : std::string_view("none");
  };
  auto const r = wait_in(
      w, c, wait_often().on_answer([&](hvc::result<hvc::sync_info> const& a) { told.emplace_back(name_of(a)); }));
  CHECK(r.has_value());
  CHECK(told == std::vector<std::string>{"WAITING", "http_status", "none", "WAITING", "COMPLETED"});
}

TEST_CASE("a wait outlives a server that is gone for a while") {
  world w;
  w.server.set_provider("link-1", "provider-1", in_stage(hvc::sync_stage::waiting, 0));
  auto o = w.options();
  o.tls().insecure_no_verification(); // the one that comes back has another certificate
  hvc::client c = w.make_client(o);
  bool running = false;
  std::optional<hvc::result<hvc::sync_info>> r;
  hvc::wait_for_sync(c, "link-1", "provider-1",
                     wait_often().on_progress([&](hvc::session_info const&) { running = true; }),
                     [&](hvc::result<hvc::sync_info> x) { r = std::move(x); });
  CHECK(w.run_until([&] { return running; }));
  hvc::simulator_options again;
  again.port = static_cast<std::uint16_t>(std::stoi(w.server.server().substr(w.server.server().rfind(':') + 1)));
  w.server.stop();
  CHECK(w.run_until([&] { return c.stats().connections_failed >= 2; }));
  CHECK_FALSE(r);
  w.server = hvc::simulator(again);
  w.server.set_provider("link-1", "provider-1", in_stage(hvc::sync_stage::failed, 5));
  CHECK(w.run_until([&] { return r.has_value(); }));
  CHECK(r->value().current_session_info->stage == hvc::sync_stage::failed);
}

TEST_CASE("an io_context is destroyed wherever a coroutine watches or waits: all of it goes") {
  for (int turns = 0; turns < 40; turns += 2)
    for (bool const waits : {false, true}) {
      auto const alive = std::make_shared<int>();
      {
        world w;
        script(w, {reply(in_stage(hvc::sync_stage::waiting, 0))});
        auto const watching = [&w, waits](std::shared_ptr<int>) -> asio::awaitable<void> {
          hvc::client c = w.make_client();
          hvc::watch watched(c, std::string("link-1"), std::string("provider-1"), often());
          if (waits)
            co_await hvc::wait_for_sync(c, std::string("link-1"), std::string("provider-1"), wait_often());
          while (co_await watched.next()) {
          }
        };
        asio::co_spawn(w.context, watching(alive), asio::detached);
        for (int i = 0; i < turns; ++i)
          w.context.run_one_for(2ms);
      }
      REQUIRE(alive.use_count() == 1);
    }
}
