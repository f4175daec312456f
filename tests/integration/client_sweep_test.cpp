// A sweep over the simulator: every question gets its one answer, whatever befalls the others, the consumer, the server
// or the io_context.
#include "sweep_fixture.hpp"

#include <boost/asio/detached.hpp>

#include <algorithm>
#include <ranges>
#include <set>
#include <sstream>
#include <stdexcept>

namespace asio = boost::asio;
using namespace hvc::test;

TEST_CASE("a sweep is an asynchronous range: each question comes with its own answer, and then the end") {
  world w;
  auto const questions = all_questions(12);
  w.run([&]() -> asio::awaitable<void> {
    hvc::client c = w.make_client();
    hvc::sweep s(c, questions, fast());
    std::set<std::string> seen;
    while (auto r = co_await s.next()) {
      CHECK(is_right(*r));
      CHECK(r->elapsed > 0us);
      seen.insert(name_of(r->question));
    }
    CHECK(seen.size() == 12);
    CHECK_FALSE(co_await s.next());
    co_await c.async_close();
  });
}

TEST_CASE("a sweep calls back, once for each result") {
  world w;
  hvc::client c = w.make_client();
  hvc::sweep s(c, all_questions(12), fast());
  auto const all = rest_of(w, s);
  CHECK(all.size() == 12);
  CHECK(std::all_of(all.begin(), all.end(), is_right));
}

TEST_CASE("results in order on request, also where the first is the slowest") {
  world w;
  hvc::canned_reply slow(404, "{}");
  slow.delay = 100ms;
  w.server.set_reply("link-1", "provider-1", slow);
  hvc::client c = w.make_client();
  hvc::sweep s(c, all_questions(12), fast().in_order(true));
  auto const all = rest_of(w, s);
  REQUIRE(all.size() == 12);
  for (int i = 0; i < 12; ++i)
    CHECK(all[static_cast<std::size_t>(i)].question == nth(i));
  hvc::sweep as_they_finish(c, all_questions(12), fast());
  CHECK(rest_of(w, as_they_finish).back().question == nth(0));
}

TEST_CASE("one failure does not end the others") {
  world w;
  auto questions = all_questions(12);
  questions.emplace_back("link-1", "error-NOT_FOUND");
  questions.emplace_back("", "provider-1"); // refused before any I/O
  questions.emplace_back("link-1", "nobody");
  hvc::client c = w.make_client();
  hvc::sweep s(c, questions, fast(3));
  auto const all = rest_of(w, s);
  CHECK(all.size() == 15);
  CHECK(std::count_if(all.begin(), all.end(), is_right) == 12);
  auto const p = s.progress();
  CHECK(p.done == 15);
  CHECK(p.failed == 3);
  CHECK(p.in_flight == 0);
  CHECK(p.total == 15U);
  CHECK(p.expected == 15U);
  CHECK(p.time_left == 0s);
}

TEST_CASE("everything the server lists is swept, in any order or in that of the lists") {
  world w(world_of(30, 5));
  hvc::client c = w.make_client();
  for (bool const in_order : {false, true}) {
    hvc::sweep s(c, hvc::everything, fast(4).in_order(in_order));
    CHECK_FALSE(s.progress().total);
    auto const all = rest_of(w, s);
    CHECK(std::all_of(all.begin(), all.end(), is_right));
    std::vector<std::string> names;
    for (auto const& r : all)
      names.push_back(name_of(r.question));
    CHECK(std::set<std::string>(names.begin(), names.end()).size() == 150);
    CHECK(s.progress().total == 150U);
    if (in_order)
      for (std::size_t i = 0; i < names.size(); ++i)
        CHECK(names[i] == "link-" + std::to_string(1 + i / 5) + "/provider-" + std::to_string(1 + i % 5));
  }
}

TEST_CASE("a list that cannot be had is a result without a provider, and the others go on") {
  world w;
  w.server.on_request([](hvc::simulated_request const& r) -> std::optional<hvc::canned_reply> {
    if (r.link == "link-2" && r.provider.empty())
      return hvc::canned_reply(404, "{}");
    return std::nullopt;
  });
  hvc::client c = w.make_client();
  hvc::sweep s(c, hvc::everything, fast());
  auto const all = rest_of(w, s);
  CHECK(all.size() == 9);
  CHECK(std::count_if(all.begin(), all.end(), is_right) == 8);
  auto const failed = std::find_if(all.begin(), all.end(), [](auto const& r) { return !r.info; });
  REQUIRE(failed != all.end());
  CHECK(failed->question == hvc::question("link-2", ""));
  CHECK(failed->info.error().http_status() == 404);
  CHECK(s.progress().failed == 1);
}

TEST_CASE("a server that lists no links is one failure, and the end") {
  world w;
  w.server.fail_with(hvc::standard_error{.error_type = hvc::error_type::unauthorized});
  hvc::client c = w.make_client();
  hvc::sweep s(c, hvc::everything, fast());
  auto const all = rest_of(w, s);
  REQUIRE(all.size() == 1);
  CHECK(all[0].question == hvc::question());
  CHECK(all[0].info.error().standard()->error_type == hvc::error_type::unauthorized);
}

TEST_CASE("a range is read no further than there is room: a slow consumer slows the asking down") {
  world w;
  hvc::client c = w.make_client();
  int read = 0;
  auto const endless = std::views::iota(0) | std::views::transform([&](int n) {
                         ++read;
                         return nth(n % 12);
                       });
  hvc::sweep s(c, endless, fast(5));
  CHECK(read == 0); // nothing before the first next()
  for (int taken = 0; taken < 100; ++taken) {
    CHECK(next_of(w, s));
    CHECK(w.run_until([&] { return s.progress().in_flight == 0; })); // and the consumer rests
    CHECK(read == taken + 5);
    CHECK(s.progress().done == static_cast<unsigned>(read));
  }
  CHECK_FALSE(s.progress().total);
}

TEST_CASE("any input range will do: one that can be read only once, one that is moved in") {
  world w;
  hvc::client c = w.make_client();
  std::istringstream lines("link-1/provider-1 link-2/provider-3 link-3/provider-4");
  auto const parsed = [](std::string const& line) {
    auto const slash = line.find('/');
    return hvc::question(line.substr(0, slash), line.substr(slash + 1));
  };
  hvc::sweep once(c, std::views::istream<std::string>(lines) | std::views::transform(parsed), fast(1));
  hvc::sweep moved(std::move(once));
  CHECK(rest_of(w, moved).size() == 3);
  std::vector<hvc::question> none;
  hvc::sweep empty(c, none, fast());
  CHECK_FALSE(next_of(w, empty));
}

TEST_CASE("an exception of the range leaves next(); what was asked by then is answered") {
  world w;
  hvc::client c = w.make_client();
  auto const breaks = std::views::iota(0) | std::views::transform([](int n) {
                        if (n == 2)
                          throw std::runtime_error("no more");
                        return nth(n);
                      });
  hvc::sweep s(c, breaks, fast());
  CHECK(complaint_of([&] { s.next(asio::detached); }) == "no more");
  CHECK(rest_of(w, s).size() == 2);
}

TEST_CASE("L8 temporaries of a sweep live as long as the expression that awaits it, and are destroyed once") {
  world w;
  w.run([&]() -> asio::awaitable<void> {
    hvc::client c = w.make_client();
    auto const r =
        co_await hvc::sweep(c, std::vector(3, hvc::question("link-1", std::string(40, 'x'))),
                            hvc::sweep_options().call(hvc::call_options().header("X-Request-ID", std::string(40, 'y'))))
            .next();
    REQUIRE(r);
    CHECK(r->question.provider == std::string(40, 'x'));
    CHECK((co_await hvc::sweep(c, std::vector(1, nth(0))).next())->info.has_value());
    unsigned came = 0;
    co_await hvc::sweep(c, hvc::everything).each([&](hvc::swept const&) { ++came; });
    CHECK(came == 12);
    co_await c.async_close();
  });
}

TEST_CASE("two at once may not wait") {
  world w;
  hvc::client c = w.make_client();
  hvc::sweep s(c, all_questions(1), fast());
  bool came = false;
  s.next([&](std::optional<hvc::swept> const& r) { came = r.has_value(); });
  CHECK_THROWS_AS(s.next(asio::detached), std::logic_error);
  CHECK(w.run_until([&] { return came; }));
}

TEST_CASE("impossible options are refused by name") {
  world w;
  hvc::client c = w.make_client();
  auto const complaint = [&](hvc::sweep_options const& o) {
    return complaint_of([&] { hvc::sweep(c, hvc::everything, o); });
  };
  CHECK(complaint(fast(0)) == "sweep.concurrency: must be at least 1");
  CHECK(complaint(fast().rate(-1)) == "sweep.rate: must not be negative");
}

TEST_CASE("no faster than asked") {
  world w;
  hvc::client c = w.make_client();
  REQUIRE(w.get(c).has_value());                        // connected
  hvc::sweep s(c, all_questions(12), fast().rate(100)); // five at once, then one every 10 ms
  auto const started = std::chrono::steady_clock::now();
  CHECK(rest_of(w, s).size() == 12);
  CHECK(std::chrono::steady_clock::now() - started >= 70ms);
}

TEST_CASE("a server that restarts in the middle costs only what the results name") {
  auto so = world_of(3, 4);
  so.user = "me";
  so.password = "secret";
  world w(so);
  hvc::client c = w.make_client(w.options().credentials(hvc::user_password("me", "secret")));
  auto const many = std::views::iota(0, 2'000) | std::views::transform([](int n) { return nth(n % 12); });
  hvc::sweep s(c, many, fast(32));
  unsigned right = 0, failed = 0;
  bool ended = false;
  s.each(
      [&](hvc::swept const& r) {
        if (right + failed == 500)
          w.server.expire_sessions();
        if (right + failed == 1'000)
          w.server.fault_next("close", 20);
        ++(is_right(r) ? right : failed);
      },
      [&] { ended = true; });
  CHECK(w.run_until([&] { return ended; }, 60s));
  CHECK(right + failed == 2'000);
  CHECK(failed == s.progress().failed);
  CHECK(right > 1'900);
}
