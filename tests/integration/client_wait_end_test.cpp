// How a wait for a synchronisation ends where no answer ends it well: failures that do not pass, its deadline, a
// cancellation; and what it tells then.
#include "black_hole.hpp"
#include "holds.hpp"
#include "watch_fixture.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/strand.hpp>

namespace asio = boost::asio;
using namespace hvc::test;

namespace {

// How a wait ends that is cancelled, or whose deadline passes, after it came as far as `there` says: told whether it
// has heard of an answer.
hvc::error end_of_wait(world& w, hvc::client& c, hvc::error_kind how, std::function<bool(bool)> const& there) {
  bool const cancels = how == hvc::error_kind::canceled;
  for (auto deadline = 100ms; deadline < 60s; deadline *= 2) { // as long as that takes here, which nobody knows
    asio::cancellation_signal signal;
    bool heard = false;
    std::optional<hvc::error> ended;
    hvc::wait_for_sync(
        c, "link-1", "provider-1",
        hvc::wait_options()
            .interval(1h)
            .deadline(cancels ? 1h : deadline)
            .on_answer([&](hvc::result<hvc::sync_info> const&) { heard = true; }),
        asio::bind_cancellation_slot(signal.slot(), [&](hvc::result<hvc::sync_info> const& r) { ended = r.error(); }));
    bool const came = w.run_until([&] { return ended || there(heard); }, 60s) && !ended;
    if (came && cancels)
      signal.emit(asio::cancellation_type::terminal);
    REQUIRE(w.run_until([&] { return ended.has_value(); }, 120s));
    if (came)
      return *ended;
  }
  FAIL("never");
  return {};
}

bool has_heard(bool heard) { return heard; }

} // namespace

TEST_CASE("a wait ends at once with what does not pass") {
  world w;
  hvc::client c = w.make_client();
  script(w, {status(404)});
  CHECK(wait_in(w, c, wait_often()).error().http_status() == 404);
  std::optional<hvc::result<hvc::sync_info>> r;
  hvc::wait_for_sync(c, "", "provider-1", [&](hvc::result<hvc::sync_info> x) { r = std::move(x); });
  CHECK(w.run_until([&] { return r.has_value(); }));
  CHECK(r->error().kind() == hvc::error_kind::invalid_argument);
  w.close(c);
  CHECK(outcome_of(wait_in(w, c, wait_often())) == "closed");
}

TEST_CASE("a wait ends at its deadline, and says what it heard last") {
  world w;
  hvc::client c = w.make_client();
  script(w, {reply(in_stage(hvc::sync_stage::change_application, 3))});
  // As long as an answer takes here, which nobody knows: at first with a handshake.
  auto const end_after_an_answer = [&](std::string_view heard) {
    for (auto deadline = 100ms; deadline < 30s; deadline *= 2) {
      auto const e = wait_in(w, c, wait_often().deadline(deadline)).error();
      CHECK(e.kind() == hvc::error_kind::deadline);
      CHECK(e.retryable());
      CHECK(e.elapsed() >= deadline);
      if (holds(e.message(), heard))
        return true;
    }
    return false;
  };
  CHECK(end_after_an_answer("CHANGE_APPLICATION, 3 of 8"));
  hvc::canned_reply never = status(200);
  never.delay = 1h;
  script(w, {never});
  CHECK(holds(wait_in(w, c, wait_often().deadline(50ms)).error().message(), "no answer came yet"));
  CHECK(w.run_until([&] { return c.stats().busy == 0; })); // and leaves no call behind
  script(w, {status(503)});
  CHECK(end_after_an_answer("HTTP 503"));
}

TEST_CASE("a wait can be cancelled, at rest and in the middle of a poll, on any executor") {
  world w;
  hvc::canned_reply never = status(200);
  never.delay = 1h;
  for (auto const& scripted : {reply(in_stage(hvc::sync_stage::waiting, 0)), never}) {
    script(w, {scripted});
    hvc::client c = w.make_client();
    asio::cancellation_signal signal;
    auto const strand = asio::make_strand(c.get_executor());
    std::string ended;
    hvc::wait_for_sync(c, "link-1", "provider-1", hvc::wait_options().interval(1h),
                       asio::bind_cancellation_slot(
                           signal.slot(), asio::bind_executor(strand, [&](hvc::result<hvc::sync_info> const& r) {
                             CHECK(strand.running_in_this_thread());
                             ended = outcome_of(r);
                           })));
    auto const asked = w.server.requests();
    CHECK(w.run_until([&] { return w.server.requests() == asked + 1; }));
    if (scripted.delay == 0ms)
      CHECK(w.run_until([&] { return c.stats().calls_succeeded == 1; }));
    signal.emit(asio::cancellation_type::total);
    CHECK(w.run_until([&] { return ended == "canceled"; }));
    CHECK(w.run_until([&] { return c.stats().busy == 0; }));
  }
}

TEST_CASE("L2 a wait that its own progress cancels ends with that answer, not with its deadline") {
  world w;
  script(w, {reply(in_stage(hvc::sync_stage::change_detection, 0))});
  hvc::client c = w.make_client();
  asio::cancellation_signal signal;
  std::string ended;
  hvc::wait_for_sync(c, "link-1", "provider-1",
                     hvc::wait_options().interval(1h).deadline(20s).on_progress(
                         [&](hvc::session_info const&) { signal.emit(asio::cancellation_type::terminal); }),
                     asio::bind_cancellation_slot(
                         signal.slot(), [&](hvc::result<hvc::sync_info> const& r) { ended = outcome_of(r); }));
  CHECK(w.run_until([&] { return !ended.empty(); }, 5s));
  CHECK(ended == "canceled");
}

TEST_CASE("L2 a wait that is cancelled while its answer is on the way to another executor ends at once") {
  world w;
  script(w, {reply(in_stage(hvc::sync_stage::change_detection, 0))});
  hvc::client c = w.make_client();
  asio::io_context home;
  asio::cancellation_signal signal;
  std::string ended;
  hvc::wait_for_sync(
      c, "link-1", "provider-1", hvc::wait_options().interval(1h).deadline(20s),
      asio::bind_cancellation_slot(signal.slot(), asio::bind_executor(home, [&](hvc::result<hvc::sync_info> const& r) {
                                     ended = outcome_of(r);
                                   })));
  REQUIRE(w.run_until([&] { return c.stats().calls_succeeded == 1; }));
  signal.emit(asio::cancellation_type::terminal); // nothing has run at home yet
  CHECK(w.run_until(
      [&] {
        home.restart();
        home.poll();
        return !ended.empty();
      },
      5s));
  CHECK(ended == "canceled");
}

TEST_CASE(
    "a wait that ends after failures tells of the last one: where it happened, and how often that poll was tried") {
  for (auto const how : {hvc::error_kind::deadline, hvc::error_kind::canceled}) {
    world w;
    auto const name = std::string(to_string(how));
    {
      script(w, {status(503)});
      hvc::client c = w.make_client();
      auto const e = end_of_wait(w, c, how, has_heard);
      CHECK(e.kind() == how);
      CHECK(e.stage() == hvc::stage::body);
      CHECK(e.attempts() == 3);
      CHECK(e.http_status() == 503);
      CHECK(e.retryable() == (how == hvc::error_kind::deadline));
      CHECK(e.message() == name + ": http_status: the server answered without success, and with no standard error "
                                  "(body, HTTP 503, attempt 3)");
    }
    {
      script(w, {hvc::canned_reply(
                    503, R"({"error_type":"SERVICE_UNAVAILABLE","messages":[{"id":"a","default_message":"Soon."}]})")});
      hvc::client c = w.make_client();
      auto const e = end_of_wait(w, c, how, has_heard);
      REQUIRE(e.standard());
      CHECK(e.standard()->error_type == hvc::error_type::service_unavailable);
      CHECK(e.message() == name + ": standard(SERVICE_UNAVAILABLE): Soon. (body, HTTP 503, attempt 3)");
    }
    auto const gone = w.options();
    w.server.stop();
    hvc::client c = w.make_client(gone);
    auto const e = end_of_wait(w, c, how, has_heard);
    CHECK(e.kind() == how);
    CHECK(e.stage() == hvc::stage::connect);
    CHECK(e.attempts() == 3);
    CHECK(holds(e.message(), name + ": connect: "));
    CHECK(e.message().ends_with(" (connect, attempt 3)"));
  }
}

TEST_CASE("a wait that ends without a failure tells where its poll stands, or that it waits for the next one") {
  for (auto const how : {hvc::error_kind::deadline, hvc::error_kind::canceled}) {
    auto const name = std::string(to_string(how));
    world w;
    hvc::client c = w.make_client();
    script(w, {reply(in_stage(hvc::sync_stage::change_application, 3))});
    auto const rests = end_of_wait(w, c, how, has_heard);
    CHECK(rests.stage() == hvc::stage::back_off);
    CHECK(rests.attempts() == 1);
    CHECK(rests.message() == name + ": the synchronisation was in stage CHANGE_APPLICATION, 3 of 8 done "
                                    "(while waiting to ask again, attempt 1)");
    hvc::canned_reply never = status(200);
    never.delay = 1h;
    script(w, {never});
    auto const asked = w.server.requests();
    auto const waits = end_of_wait(w, c, how, [&](bool) { return w.server.requests() != asked; });
    CHECK(waits.stage() == hvc::stage::head);
    CHECK(waits.attempts() == 1);
    CHECK(waits.message() == name + ": no answer came yet (head, attempt 1)");

    black_hole const silent(black_hole::kind::silent);
    hvc::client lost = w.make_client(w.options().server(silent.server()));
    auto const opens = end_of_wait(w, lost, how, [&](bool) { return lost.stats().connecting == 1; });
    CHECK((opens.stage() == hvc::stage::handshake || opens.stage() == hvc::stage::connect));
    CHECK(opens.attempts() == 0); // never sent
  }
}
