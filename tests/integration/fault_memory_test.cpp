// Memory fails: OpenSSL's, and the library's own.
#include "failing_memory.hpp"
#include "fault_fixture.hpp"

#include <hvc/codec.hpp>
#include <hvc/sweep.hpp>
#include <hvc/watch.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/detached.hpp>

#include <new>

using namespace hvc;
using namespace hvc::test;

namespace {

struct outcome {
  bool failed = false;    // an allocation did
  bool begun = false;     // the initiating function returned
  bool threw = false;     // run() did
  bool completed = false; // the call
};

// One call, with an allocation that fails in its course.
template <class World> outcome call_with(countdown& memory, long allocations, World& w, hvc::client& client,
                                         std::optional<result<sync_info>>& r) {
  outcome o;
  memory.start(allocations);
  try {
    client.get_provider_sync("link-1", "provider-1", [&](result<sync_info> x) {
      memory.stop();
      r = std::move(x);
    });
    o.begun = true;
    o.completed = w.run_until([&] { return r.has_value(); }, 5s);
  } catch (std::bad_alloc const&) {
    o.threw = o.begun;
  }
  memory.stop();
  o.failed = memory.failed();
  return o;
}

constexpr long most_allocations = 20'000; // of a call: there are far fewer
constexpr long step = 3;

// The io_context of a client, apart from that of the server's world: nothing of it is left afterwards.
struct own_context {
  boost::asio::io_context context;

  bool run_until(std::function<bool()> const& condition, std::chrono::milliseconds at_most) {
    auto const end = std::chrono::steady_clock::now() + at_most;
    context.restart();
    while (!condition() && std::chrono::steady_clock::now() < end)
      context.run_one_for(at_most);
    return condition();
  }
  std::string outcome_of_a_call(hvc::client& client) {
    std::optional<result<sync_info>> r;
    client.get_provider_sync("link-1", "provider-1", [&](result<sync_info> x) { r = std::move(x); });
    return run_until([&] { return r.has_value(); }, 5s) ? outcome_of(*r) : "nothing";
  }
};

// What became of a client of which one allocation failed, after `calls_before` calls without.
struct story {
  bool failed = false; // one did
  bool begun = false, threw = false;
  std::string ended = "nothing", next = "nothing";
  long leaked = 0;
};

story story_of(client_options const& options, unsigned calls_before, long allocations) {
  story s;
  s.ended.reserve(64); // what it says is no leak
  s.next.reserve(64);
  long const before = live_allocations();
  {
    own_context w;
    std::optional<result<sync_info>> r;
    hvc::client client(w.context.get_executor(), options);
    for (unsigned n = 0; n != calls_before; ++n)
      REQUIRE(w.outcome_of_a_call(client) == "OK");
    auto const o = call_with(memory_of_ours(), allocations, w, client, r);
    s.failed = o.failed;
    s.begun = o.begun;
    s.threw = o.threw;
    s.next = w.outcome_of_a_call(client);
    if (r)
      s.ended = outcome_of(*r);
    s.leaked = -before;
  }
  s.leaked += live_allocations();
  return s;
}

// One that is no short string.
std::string long_name(std::string const& of) { return of + "-whose-name-is-long-enough-for-an-allocation"; }

// Has one link with five providers.
void behave_with_lists(conversation& c) {
  c.shake_hands();
  for (;;)
    if (auto const request = c.hear(); request.starts_with("GET /api/hvc/links "))
      c.say(reply("200 OK", encode(std::vector<link_summary>{{long_name("link"), "a link"}})));
    else if (request.find("/providers ") != std::string::npos)
      c.say(reply("200 OK", encode(std::vector<provider_summary>(5, {long_name("provider")}))));
    else
      c.say(good_reply());
}

// Answers an Info that takes memory.
void behave_with_messages(conversation& c) {
  c.shake_hands();
  for (;;) {
    c.hear();
    c.say(reply("200 OK", R"({"status":"SUCCEEDED","polling_interval_in_seconds":60,"status_message":{"id":")" +
                              long_name("message") + R"(","default_message":"","args":[]}})"));
  }
}

// Answers logins, too.
void behave_with_logins(conversation& c) {
  c.shake_hands();
  for (;;)
    if (auto const request = c.hear(); request.starts_with("POST"))
      c.say(reply("201 Created", "\"a-session\""));
    else if (request.starts_with("DELETE"))
      c.say("HTTP/1.1 204 No Content\r\n\r\n");
    else
      c.say(good_reply());
}

} // namespace

TEST_CASE("X3 whichever allocation of ours fails, the call ends or was never begun, the next succeeds, nothing leaks") {
  fault_world server(behave_with_logins);
  bool const logs_in = GENERATE(false, true);
  unsigned const calls_before = GENERATE(0U, 1U);
  auto o = one_attempt(server.options());
  if (logs_in)
    o.credentials(user_password("user", "password"));
  CAPTURE(logs_in, calls_before);
  unsigned never_begun = 0, out_of_memory = 0, untouched = 0;
  for (long k = 0; untouched == 0 && k < most_allocations; ++k) {
    auto const s = story_of(o, calls_before, k);
    CAPTURE(k, s.begun, s.ended);
    CHECK(s.leaked == 0);
    CHECK_FALSE(s.threw);
    CHECK(s.next == "OK");
    if (!s.failed) {
      ++untouched;
      CHECK(s.ended == "OK");
    } else if (!s.begun) {
      ++never_begun;
      CHECK(s.ended == "nothing");
    } else {
      out_of_memory += s.ended == "resource(memory)" ? 1U : 0U;
      CHECK((s.ended == "OK" || s.ended == "resource(memory)"));
    }
  }
  CHECK(untouched == 1);
  CHECK(never_begun > 0);
  CHECK((out_of_memory > 0 || calls_before != 0));
}

TEST_CASE("X3 whichever allocation fails while many calls end at once, each ends once, and run() throws nothing") {
  fault_world server(behave_with_logins);
  auto o = one_attempt(server.options());
  constexpr unsigned calls = 20;
  for (bool const late : {false, true}) {
    o.pool().max_connections = late ? 2 : 8;
    if (!late) // then all wait for one login
      o.credentials(user_password("user", "password"));
    bool untouched = false;
    for (long k = 0; !untouched && k < most_allocations; ++k) {
      own_context w;
      hvc::client client(w.context.get_executor(), o);
      unsigned ended = 0;
      auto const begun = std::chrono::steady_clock::now();
      for (unsigned n = 0; n != calls; ++n)
        client.get_provider_sync("link-1", "provider-1", call_options().deadline(late ? 1ms : 5s),
                                 [&](result<sync_info> const&) { ++ended; });
      if (late)
        std::this_thread::sleep_until(begun + 2ms); // until all deadlines have passed
      bool threw = false;
      memory_of_ours().start(k);
      try {
        w.run_until([&] { return ended == calls; }, 2s);
      } catch (std::bad_alloc const&) {
        threw = true;
      }
      memory_of_ours().stop();
      untouched = !memory_of_ours().failed();
      w.run_until([&] { return ended == calls; }, 2s);
      CAPTURE(late, k);
      CHECK_FALSE(threw);
      CHECK(ended == calls);
    }
  }
}

TEST_CASE("X3 whichever allocation of a close fails, it was never begun or completes, and so does every call") {
  fault_world server(behave_with_logins);
  auto o = server.options();
  if (GENERATE(false, true)) // then it logs out
    o.credentials(user_password("user", "password"));
  bool untouched = false;
  for (long k = 0; !untouched && k < most_allocations; ++k) {
    own_context w;
    hvc::client client(w.context.get_executor(), o);
    REQUIRE(w.outcome_of_a_call(client) == "OK");
    unsigned ended = 0;
    bool begun = true, closed = false, threw = false;
    for (unsigned n = 0; n != 20; ++n)
      client.get_provider_sync("link-1", "provider-1", [&](result<sync_info> const&) { ++ended; });
    memory_of_ours().start(k);
    try {
      client.async_close([&] { closed = true; });
    } catch (std::bad_alloc const&) {
      begun = false;
    }
    try {
      w.run_until([&] { return !begun || closed; }, 2s);
    } catch (std::bad_alloc const&) {
      threw = true;
    }
    memory_of_ours().stop();
    untouched = !memory_of_ours().failed();
    if (!begun)
      client.async_close([&] { closed = true; });
    w.run_until([&] { return closed && ended == 20; }, 2s);
    CAPTURE(k, begun);
    CHECK_FALSE(threw);
    CHECK(closed);
    CHECK(ended == 20);
  }
}

TEST_CASE("X3 a client that goes when there is no memory at all takes nothing with it") {
  fault_world server(behave_with_logins);
  auto const o = server.options().credentials(user_password("user", "password"));
  for (long k = 0; k != 20; ++k) {
    own_context w;
    std::optional<hvc::client> client(std::in_place, w.context.get_executor(), o);
    REQUIRE(w.outcome_of_a_call(*client) == "OK");
    client->get_provider_sync("link-1", "provider-1", boost::asio::detached);
    memory_of_ours().start(k, countdown::for_good);
    client.reset();
    memory_of_ours().stop();
    w.context.restart();
    w.context.run_for(5s);
    CHECK(w.context.stopped());
  }
}

TEST_CASE(
    "X3 whichever allocation of a sweep fails, next() was never begun or brings a result, and each question has one") {
  fault_world server(behave_with_lists);
  auto const o = one_attempt(server.options());
  bool const listed = GENERATE(false, true);
  bool untouched = false;
  for (long k = 0; !untouched && k < most_allocations; ++k) {
    own_context w;
    hvc::client client(w.context.get_executor(), o);
    std::vector<question> const questions(5, question(long_name("link"), long_name("provider")));
    auto const fast = sweep_options().rate(0).concurrency(2);
    auto s = listed ? hvc::sweep(client, everything, fast) : hvc::sweep(client, questions, fast);
    unsigned results = 0, never_begun = 0;
    bool ended = false, threw = false;
    std::function<void()> next = [&] {
      try {
        s.next([&](std::optional<swept> const& r) {
          results += r ? 1U : 0U;
          ended = !r;
          if (r)
            next();
        });
      } catch (std::bad_alloc const&) {
        ++never_begun;
        next();
      }
    };
    memory_of_ours().start(k);
    next();
    try {
      w.run_until([&] { return ended; }, 2s);
    } catch (std::bad_alloc const&) {
      threw = true;
    }
    memory_of_ours().stop();
    untouched = !memory_of_ours().failed();
    CAPTURE(listed, k, never_begun);
    CHECK_FALSE(threw);
    CHECK(ended);
    CHECK((results == 5 || (listed && results == 1))); // a list there is no memory for is one failure
  }
}

TEST_CASE("X3 whichever allocation of a watch's poll fails, next() was never begun or brings a result") {
  fault_world server(behave_with_messages);
  auto const o = one_attempt(server.options());
  bool untouched = false;
  unsigned out_of_memory = 0;
  for (long k = 0; !untouched && k < most_allocations; ++k) {
    own_context w;
    hvc::client client(w.context.get_executor(), o);
    hvc::watch watched(client, "link-1", "provider-1", watch_options().interval(1h));
    std::optional<std::optional<result<sync_info>>> told;
    bool begun = false, threw = false;
    memory_of_ours().start(k);
    try {
      watched.next([&](std::optional<result<sync_info>> r) { told.emplace(std::move(r)); });
      begun = true;
      w.run_until([&] { return told.has_value(); }, 2s);
    } catch (std::bad_alloc const&) {
      threw = begun;
    }
    memory_of_ours().stop();
    untouched = !memory_of_ours().failed();
    CAPTURE(k, begun);
    CHECK_FALSE(threw);
    CHECK(told.has_value() == begun);
    if (told)
      out_of_memory += outcome_of(told->value()) == "resource(memory)" ? 1U : 0U;
  }
  CHECK(untouched);
  CHECK(out_of_memory > 0);
}

TEST_CASE("X3 a sweep whose memory was out for a while goes on when there is some again") {
  fault_world server(behave_with_lists);
  auto o = one_attempt(server.options());
  o.timeouts().connect = 100ms; // when the alarm rings that was set before memory was out
  long const in_a_row = GENERATE(5, 20);
  bool untouched = false;
  for (long k = 0; !untouched && k < most_allocations; ++k) {
    own_context w;
    hvc::client client(w.context.get_executor(), o);
    hvc::sweep swept(client, everything, sweep_options().concurrency(1));
    bool told = false, begun = false;
    memory_of_ours().start(k, in_a_row);
    try {
      swept.next([&](std::optional<hvc::swept> const&) { told = true; });
      begun = true;
      w.run_until([&] { return told; }, 100ms);
    } catch (std::bad_alloc const&) {
    }
    memory_of_ours().stop();
    untouched = !memory_of_ours().failed();
    CAPTURE(k, in_a_row);
    if (begun)
      REQUIRE(w.run_until([&] { return told; }, 5s));
  }
  CHECK(untouched);
}

TEST_CASE("X3 whichever allocation of a stop or a cancelled next() fails, nothing has happened or the waiter is told") {
  fault_world server(behave_with_lists);
  auto const o = one_attempt(server.options());
  bool const watches = GENERATE(false, true), stops = GENERATE(false, true);
  bool untouched = false;
  for (long k = 0; !untouched && k < most_allocations; ++k) {
    own_context w;
    hvc::client client(w.context.get_executor(), o);
    hvc::watch watched(client, "link-1", "provider-1", watch_options().interval(1h));
    hvc::sweep swept(client, std::vector<question>(2, question("link-1", "provider-1")), sweep_options().rate(0.001));
    boost::asio::cancellation_signal signal;
    unsigned told = 0;
    auto const next = [&] {
      auto const count = [&](auto const&) { ++told; };
      if (watches)
        watched.next(boost::asio::bind_cancellation_slot(signal.slot(), count));
      else
        swept.next(boost::asio::bind_cancellation_slot(signal.slot(), count));
    };
    auto const end = [&] {
      if (!stops)
        signal.emit(boost::asio::cancellation_type::terminal);
      else if (watches)
        watched.stop();
      else
        swept.stop();
    };
    next();
    REQUIRE(w.run_until([&] { return told == 1; }, 5s));
    next(); // at rest: the next poll or question is long to come
    bool begun = false;
    memory_of_ours().start(k);
    try {
      end();
      begun = true;
      w.run_until([&] { return told == 2; }, 2s);
    } catch (std::bad_alloc const&) {
    }
    memory_of_ours().stop();
    untouched = !memory_of_ours().failed();
    CAPTURE(watches, stops, k, begun);
    if (!begun)
      end();
    CHECK(w.run_until([&] { return told == 2; }, 2s));
  }
}

TEST_CASE("L12 clients come and go without a trace") {
  fault_world server(behave_with_logins);
  auto o = server.options().credentials(user_password("user", "password"));
  own_context w;
  auto const come_and_go = [&](unsigned n) {
    hvc::client client(w.context.get_executor(), o);
    if (n % 50 == 0)
      CHECK(w.outcome_of_a_call(client) == "OK");
    else
      client.get_provider_sync("link-1", "provider-1", boost::asio::detached);
  };
  auto const many = [&](unsigned n) {
    while (n-- != 0)
      come_and_go(n);
    w.context.restart();
    w.context.run();
    return live_allocations();
  };
  long const before = many(200);     // some things are made once, and vectors keep their capacity
  CHECK(many(1'000) < before + 100); // Asio keeps a block for as many sockets as were open at once
}

TEST_CASE("X4 whichever allocation of OpenSSL fails, the call ends or was never begun, and the next one succeeds") {
  REQUIRE(openssl_uses_ours());
  fault_world w(behave);
  unsigned failures = 0, untouched = 0;
  for (long k = 0; untouched != 3 && k < most_allocations; k += step) {
    CAPTURE(k);
    std::optional<result<sync_info>> r;                    // outlives the client
    auto client = w.make_client(one_attempt(w.options())); // reads the trusted certificates: that is not tested here
    auto const o = call_with(memory_of_openssl(), k, w, client, r);
    CHECK_FALSE(o.threw);
    CHECK(o.completed == o.begun);
    failures += !r || !*r ? 1U : 0U;
    untouched = o.failed ? 0 : untouched + 1;
    CHECK(outcome_of(w.get(client)) == "OK");
  }
  CHECK(untouched == 3);
  CHECK(failures > 50);
}
