// A resolver of the test's own in front of the real network: what a name means, and for how long.
#include "fault_fixture.hpp"

#include "core.hpp"
#include "net/asio_platform.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>

using namespace hvc;
using namespace hvc::test;
using net::endpoint;

namespace {

struct found {
  found(std::vector<endpoint> a) : addresses(std::move(a)) {} // NOLINT(google-explicit-constructor)
  found(boost::asio::error::netdb_errors e) : problem(e) {}   // NOLINT(google-explicit-constructor)
  std::vector<endpoint> addresses;
  boost::system::error_code problem;
};

class resolving_platform final : public net::platform {
public:
  using answer = std::function<found()>;
  resolving_platform(boost::asio::any_io_executor executor, answer a, unsigned& transports)
      : executor_(executor), answer_(std::move(a)), transports_(transports), real_(net::make_asio_platform(executor)) {}

  [[nodiscard]] time_point now() const noexcept override { return real_->now(); }
  [[nodiscard]] std::chrono::sys_seconds wall_clock() const noexcept override { return real_->wall_clock(); }
  [[nodiscard]] std::unique_ptr<net::transport> make_transport() override {
    ++transports_;
    return real_->make_transport();
  }
  void resolve(std::string const&, std::uint16_t, resolve_handler done) override {
    boost::asio::post(executor_, [done = std::move(done), f = answer_()] { done(f.problem, f.addresses); });
  }
  void wake_at(time_point when, std::weak_ptr<net::sleeper> s) override { real_->wake_at(when, std::move(s)); }
  void cancel_alarm() noexcept override { real_->cancel_alarm(); }

private:
  boost::asio::any_io_executor executor_;
  answer answer_;
  unsigned& transports_;
  std::unique_ptr<net::platform> real_;
};

endpoint endpoint_of(std::string const& url) {
  return {boost::asio::ip::make_address("127.0.0.1"),
          static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)))};
}

// So many addresses at which nobody listens.
std::vector<endpoint> nobody(unsigned n) {
  std::vector<endpoint> all;
  for (unsigned i = 0; i != n; ++i)
    all.emplace_back(boost::asio::ip::make_address("127.0.1." + std::to_string(i + 1)), std::uint16_t(1));
  return all;
}

// A client's inside, with that resolver. Its server is told apart by the certificate's address, not by a name.
class resolving_client {
public:
  resolving_client(fault_world& w, resolving_platform::answer a, unsigned attempts = 1) : world_(w) {
    auto o = w.options();
    o.retry().attempts = attempts;
    auto const executor = w.context.get_executor();
    core_ = std::make_shared<detail::core>(executor, std::move(o),
                                           std::make_unique<resolving_platform>(executor, std::move(a), transports));
  }
  ~resolving_client() { core_->close({}); }

  std::string outcome() {
    std::optional<result<sync_info>> r;
    boost::asio::any_io_executor const executor = world_.context.get_executor();
    detail::initiate_call<sync_info>(
        detail::entrance(core_.get(), executor), detail::get_provider_sync,
        [&](result<sync_info> x) { r = std::move(x); }, "link-1", "provider-1", call_options());
    REQUIRE(world_.run_until([&] { return r.has_value(); }));
    return outcome_of(*r);
  }
  [[nodiscard]] client_stats stats() const { return core_->stats(); }

  unsigned transports = 0; // addresses tried

private:
  fault_world& world_;
  std::shared_ptr<detail::core> core_;
};

} // namespace

TEST_CASE("C1 a name that does not exist is resolve at once, without another try") {
  fault_world w(behave);
  unsigned asked = 0;
  resolving_client client(
      w,
      [&]() -> found {
        ++asked;
        return boost::asio::error::host_not_found;
      },
      3);
  CHECK(client.outcome() == "resolve");
  CHECK(asked == 1);
  CHECK(client.transports == 0);
}

TEST_CASE("C3 a resolver that cannot tell for the moment is asked again") {
  fault_world w(behave);
  unsigned asked = 0;
  resolving_client client(
      w,
      [&]() -> found {
        if (++asked == 1)
          return boost::asio::error::host_not_found_try_again;
        return std::vector{endpoint_of(w.server.url())};
      },
      3);
  CHECK(client.outcome() == "OK");
  CHECK(asked == 2);
  CHECK(client.stats().retries == 1);
}

TEST_CASE("C4 without an address the call ends, and of sixty-four eight are tried") {
  fault_world w(behave);
  auto const good = endpoint_of(w.server.url());
  auto const at = [&](std::size_t place) {
    auto all = nobody(64);
    all[place] = good;
    return all;
  };
  resolving_client none(w, [] { return found(std::vector<endpoint>()); });
  CHECK(none.outcome() == "resolve");
  CHECK(none.transports == 0);
  resolving_client eighth(w, [&] { return found(at(7)); });
  CHECK(eighth.outcome() == "OK");
  CHECK(eighth.transports == 8);
  resolving_client ninth(w, [&] { return found(at(8)); });
  CHECK(ninth.outcome() == "connect");
  CHECK(ninth.transports == 8);
}

TEST_CASE("C11 every new connection asks anew where the server is, and an open one stays where it was") {
  fault_world first([&](conversation& c) {
    c.shake_hands();
    for (int n = 0; n != 2; ++n) {
      c.hear();
      c.say(good_reply());
    }
    c.farewell();
  });
  fault_world second(behave);
  unsigned asked = 0;
  auto where = endpoint_of(first.server.url());
  resolving_client client(first, [&] {
    ++asked;
    return found(std::vector{where});
  });
  CHECK(client.outcome() == "OK");
  where = endpoint_of(second.server.url());
  CHECK(client.outcome() == "OK");
  CHECK(asked == 1);
  CHECK(second.server.connections() == 0);
  REQUIRE(first.run_until([&] { return client.stats().idle == 0; }));
  CHECK(client.outcome() == "tls_verify(no_issuer)"); // of another authority: it has moved
  CHECK(asked == 2);
  CHECK(second.server.connections() == 1);
}
