// Real intermediaries between a client and a simulator, reloaded, restarted and overloaded under load: no call is lost,
// and none is given another's answer.
#include "client_fixture.hpp"
#include "proxy.hpp"

#include <algorithm>

using namespace hvc::test;

namespace {

constexpr unsigned links = 7, providers = 11;

hvc::simulator_options busy_world() {
  hvc::simulator_options o;
  o.links = links;
  o.providers = providers;
  o.latency = 3ms; // so that requests meet in the proxy
  return o;
}

// Callers that ask without end, each about another provider than its neighbours, and what they were answered.
class load {
public:
  load(world& w, hvc::client& c, unsigned callers) : world_(w), client_(c) {
    for (unsigned n = 0; n != callers; ++n)
      ask();
  }
  ~load() {
    asking_ = false;
    CHECK(world_.run_until([&] { return under_way_ == 0; }, 60s));
  }

  void go_on_until(std::function<bool()> const& condition) { CHECK(world_.run_until(condition, 60s)); }
  void go_on(unsigned answers) {
    go_on_until([this, until = ended_ + answers] { return ended_ >= until; });
  }
  // Reloads the proxy, and goes on until that has shown. Asks again where it has not: haproxy 3.0 forgets the signal
  // that meets a reload under way.
  void reload(proxy& between, proxy_capacity c, std::function<bool()> const& has_shown, unsigned answers = 0) {
    for (int n = 0; n != 30; ++n) {
      between.reload(c);
      if (world_.run_until(has_shown, 2s))
        return go_on(answers);
    }
    FAIL_CHECK("the reload did not show");
  }
  // Until so many were good, one after the other.
  [[nodiscard]] std::function<bool()> recovered(unsigned answers) {
    in_a_row_ = 0;
    return [this, answers] { return in_a_row_ >= answers; };
  }
  // The answers since the last look.
  [[nodiscard]] std::map<std::string, unsigned> take() { return std::exchange(outcomes_, {}); }

private:
  void ask() {
    unsigned const n = asked_++;
    ++under_way_;
    auto const link = "link-" + std::to_string(1 + n % links);
    auto const provider = "provider-" + std::to_string(1 + n / links % providers);
    client_.get_provider_sync(link, provider, [this, link, provider](hvc::result<hvc::sync_info> const& r) {
      --under_way_;
      ++ended_;
      ++outcomes_[r && !belongs_to(r, link, provider) ? "another's answer" : outcome_of(r)];
      in_a_row_ = r ? in_a_row_ + 1 : 0;
      if (asking_)
        ask();
    });
  }

  world& world_;
  hvc::client& client_;
  bool asking_ = true;
  unsigned asked_ = 0, ended_ = 0, under_way_ = 0, in_a_row_ = 0;
  std::map<std::string, unsigned> outcomes_;
};

// A client behind such a proxy.
class proxied {
public:
  explicit proxied(std::unique_ptr<proxy> (*make)(std::string const&, std::string const&), std::string const& program)
      : w(busy_world()), between(make(program, w.server.server().substr(w.server.server().rfind('/') + 1))) {
    between->start();
    auto o = w.options().server(between->url());
    o.tls().ca_pem(between->ca_pem());
    o.retry().attempts = 5;
    o.retry().base = 50ms;
    o.retry().throttled_base = 50ms;
    o.retry().budget = 1'000'000; // what the attempts cannot get over is what is looked for
    client.emplace(w.make_client(o));
  }
  ~proxied() {
    w.close(*client);
    CHECK(client->stats().calls_started == client->stats().calls_succeeded + client->stats().calls_failed);
    between.reset();
    CHECK(w.server.wait_until([&] { return w.server.open_connections() == 0; }));
  }

  world w;
  std::unique_ptr<proxy> between;
  std::optional<hvc::client> client;
};

using outcomes = std::map<std::string, unsigned>;

bool only(outcomes const& found, std::vector<std::string> const& allowed) {
  return std::all_of(found.begin(), found.end(), [&](auto const& each) {
    return std::find(allowed.begin(), allowed.end(), each.first) != allowed.end();
  });
}

std::string text_of(outcomes const& found) {
  std::string text;
  for (auto const& [what, count] : found)
    text += what + ": " + std::to_string(count) + "  ";
  return text;
}

void expect_nothing_lost(std::string const& name,
                         std::unique_ptr<proxy> (*make)(std::string const&, std::string const&)) {
  auto const program = proxy::find(name);
  if (!program) {
    WARN("skipped: " << name << " is not installed");
    return;
  }
  proxied p(make, *program);
  constexpr unsigned callers = 48;
  load l(p.w, *p.client, callers);
  auto const stats = [&] { return p.client->stats(); };
  l.go_on(500);
  for (int n = 0; n != 4; ++n) { // reloaded, it serves its old connections to the end, and each once more at most
    auto const opened = stats().connections_opened;
    l.reload(
        *p.between, proxy_capacity::ample, [&] { return stats().connections_opened >= opened + 16; }, 100);
  }
  auto const reloaded = l.take();
  INFO("reloaded: " << text_of(reloaded));
  CHECK(only(reloaded, {"OK"}));

  p.between->stop();
  l.go_on(callers); // nobody listens: calls fail, after all their attempts
  p.between->start();
  l.go_on_until(l.recovered(500));
  auto const restarted = l.take();
  INFO("restarted: " << text_of(restarted));
  CHECK(only(restarted, {"OK", "connect", "connection_lost(before_headers)", "connection_lost(in_headers)",
                         "connection_lost(in_body)", "tls_handshake(reset_in_handshake)", "http_status"}));

  auto const retries = stats().retries;
  // Most attempts are told 503.
  l.reload(
      *p.between, proxy_capacity::scarce, [&] { return stats().retries >= retries + 100; }, 500);
  auto const overloaded = l.take();
  INFO("overloaded: " << text_of(overloaded));
  CHECK(only(overloaded, {"OK", "http_status"}));
  CHECK(overloaded.contains("OK"));
  l.reload(*p.between, proxy_capacity::ample, l.recovered(500));
}

} // namespace

TEST_CASE("behind haproxy, reloaded, restarted and overloaded under load, nothing is lost and no answer is wrong") {
  expect_nothing_lost("haproxy", &proxy::make_haproxy);
}

TEST_CASE("behind nginx, reloaded, restarted and overloaded under load, nothing is lost and no answer is wrong") {
  expect_nothing_lost("nginx", &proxy::make_nginx);
}
