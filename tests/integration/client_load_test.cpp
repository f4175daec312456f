// Many questions at once: each gets the answer to itself, whatever befalls the server's replies.
#include "client_fixture.hpp"

#include <boost/asio/detached.hpp>

#include <algorithm>
#include <map>

namespace asio = boost::asio;
using namespace hvc::test;

namespace {

struct tally {
  unsigned right = 0, wrong = 0;
  std::map<std::string, unsigned> failed;
  [[nodiscard]] unsigned all() const {
    unsigned n = right + wrong;
    for (auto const& [outcome, count] : failed)
      n += count;
    return n;
  }
};

// `total` questions, `at_once` of them under way at any time, each about another provider than its neighbours.
tally load(world& w, hvc::client& c, unsigned total, unsigned at_once) {
  tally t;
  unsigned asked = 0, ended = 0;
  std::function<void()> ask = [&] {
    if (asked == total)
      return;
    unsigned const n = asked++;
    auto const link = "link-" + std::to_string(1 + n % 7);
    auto const provider = "provider-" + std::to_string(1 + n / 7 % 11);
    c.get_provider_sync(link, provider, [&, link, provider](hvc::result<hvc::sync_info> const& r) {
      ++ended;
      if (!r)
        ++t.failed[outcome_of(r)];
      else
        ++(belongs_to(r, link, provider) ? t.right : t.wrong);
      ask();
    });
  };
  for (unsigned i = 0; i < at_once; ++i)
    ask();
  CHECK(w.run_until([&] { return ended == total; }, 240s));
  return t;
}

hvc::simulator_options large_world() {
  hvc::simulator_options o;
  o.links = 7;
  o.providers = 11;
  return o;
}

} // namespace

TEST_CASE("I3 10,000 questions over 16 connections are each answered with their own answer") {
  auto so = large_world();
  unsigned questions = 10'000;
  SECTION("replies of known length") {}
  SECTION("chunked replies, with a login") {
    so.chunked = true;
    so.user = "me";
    so.password = "secret";
    questions = HVC_INSTRUMENTED ? 2'000 : 10'000;
  }
  world w(so);
  auto o = w.options();
  if (!so.user.empty())
    o.credentials(hvc::user_password(so.user, so.password));
  auto c = w.make_client(o);
  auto const t = load(w, c, questions, 256);
  CHECK(t.right == questions);
  CHECK(t.wrong == 0);
  CHECK(t.failed.empty());
  CHECK(c.stats().connections_opened <= 16);
  CHECK(w.server.connections_accepted() <= 16);
  w.close(c);
  CHECK(w.run_out());
  CHECK(w.server.wait_until([&] { return w.server.open_connections() == 0; }));
}

TEST_CASE("I3 I5 under faults at 1 % no answer is wrong, none is lost, and the pool keeps its bound") {
  for (auto const& f : hvc::simulator::faults()) {
    // What takes its time has tests of its own, and an unknown status comes in a right answer that names no question.
    if (f.word == "stall" || f.word == "stall-in-body" || f.word == "slow" || f.word == "silent-handshake" ||
        f.word == "unknown-status" || f.word.find("retry-after") != std::string_view::npos)
      continue;
    auto so = large_world();
    so.faults = {std::string(f.word) + "@1%"};
    world w(so);
    CAPTURE(std::string(f.word));
    auto o = w.options();
    o.retry().budget = 1'000'000;
    auto c = w.make_client(o);
    constexpr unsigned calls = HVC_INSTRUMENTED ? 100 : 250;
    auto const t = load(w, c, calls, 64);
    CHECK(t.all() == calls);
    CHECK(t.wrong == 0);
    auto const s = c.stats();
    CHECK(s.busy + s.idle + s.connecting <= 16);
    CHECK(s.busy == 0);
    CHECK(s.waiters == 0);
    w.close(c);
    CHECK(w.run_out());
  }
}
