// One client, many threads: for ThreadSanitizer, and for the invariants that do not depend on it.
#include "threads_fixture.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>

#include <memory>

namespace asio = boost::asio;
using namespace hvc::test;

TEST_CASE("P23 10,000 queries from four threads over an io_context run by four are each answered rightly") {
  hvc::simulator server(with_user());
  engine e(4);
  auto c = std::make_unique<hvc::client>(e.context.get_executor(),
                                         options_for(server).credentials(hvc::user_password("me", "secret")));
  constexpr unsigned askers = 4, each = load_of(2'500);
  std::atomic<unsigned> right = 0, wrong = 0;
  countdown all(askers * each);
  std::atomic<bool> asking = true;
  std::thread watcher([&] {
    while (asking) {
      auto const s = c->stats();
      if (s.busy + s.idle + s.connecting > 16)
        ++wrong;
      std::this_thread::yield();
    }
  });
  std::vector<std::thread> threads;
  for (unsigned t = 0; t < askers; ++t)
    threads.emplace_back([&, t] {
      for (unsigned i = 0; i < each; ++i) {
        auto const n = t * each + i;
        if (n == askers * each / 2)
          server.expire_sessions();
        c->get_provider_sync(link_of(n), provider_of(n), [&, n](hvc::result<hvc::sync_info> const& r) {
          ++(belongs_to(r, link_of(n), provider_of(n)) ? right : wrong);
          all.one();
        });
      }
    });
  for (auto& t : threads)
    t.join();
  CHECK(all.wait());
  asking = false;
  watcher.join();
  CHECK(right == askers * each);
  CHECK(wrong == 0);
  CHECK(server.logins() <= 2);
  c->async_close(asio::use_future).get();
  c.reset();
  e.finish();
  CHECK(server.wait_until([&] { return server.open_connections() == 0; }));
  CHECK(server.live_sessions() == 0);
}

TEST_CASE("U11 a handler may block until another call over the only connection is answered on another thread") {
  hvc::simulator server(with_user());
  engine e(2);
  auto o = options_for(server).credentials(hvc::user_password("me", "secret"));
  o.pool().max_connections = 1;
  o.timeouts().attempt = 3s;
  hvc::client c(e.context.get_executor(), o);
  for (int round = 0; round != 50; ++round) {
    std::promise<bool> both;
    c.get_provider_sync(link_of(1), provider_of(1), [&](hvc::result<hvc::sync_info> const& first) {
      auto second = c.get_provider_sync(link_of(2), provider_of(2), asio::use_future);
      bool const answered = second.wait_for(20s) == std::future_status::ready;
      both.set_value(first.has_value() && answered && second.get().has_value());
    });
    CHECK(both.get_future().get());
  }
  CHECK(c.stats().connections_opened == 1); // none was given up for want of an answer
  c.async_close(asio::use_future).get();
  e.finish();
}

TEST_CASE("L5 cancellation as documented, on the handler's executor, while other threads ask") {
  hvc::simulator server(with_user());
  engine e(4);
  hvc::client c(e.context.get_executor(), options_for(server).credentials(hvc::user_password("me", "secret")));
  constexpr unsigned askers = 2, each = 1'000;
  std::atomic<unsigned> canceled = 0, right = 0, other = 0;
  countdown all(askers * each);
  struct cancellable {
    explicit cancellable(asio::io_context& context) : strand(asio::make_strand(context)) {}
    asio::strand<asio::io_context::executor_type> strand;
    asio::cancellation_signal signal;
  };
  std::vector<std::thread> threads;
  for (unsigned t = 0; t < askers; ++t)
    threads.emplace_back([&, t] {
      for (unsigned i = 0; i < each; ++i) {
        auto const n = t * each + i;
        auto one = std::make_shared<cancellable>(e.context);
        asio::post(one->strand, [&, one, n] {
          c.get_provider_sync(link_of(n), provider_of(n),
                              asio::bind_cancellation_slot(
                                  one->signal.slot(),
                                  asio::bind_executor(one->strand, [&, one, n](hvc::result<hvc::sync_info> const& r) {
                                    if (belongs_to(r, link_of(n), provider_of(n)))
                                      ++right;
                                    else
                                      ++(outcome_of(r) == "canceled" ? canceled : other);
                                    all.one();
                                  })));
        });
        if (n % 3 == 0)
          asio::post(one->strand, [one] { one->signal.emit(asio::cancellation_type::terminal); });
      }
    });
  for (auto& t : threads)
    t.join();
  CHECK(all.wait());
  CHECK(other == 0);
  CHECK(canceled > 0);
  CHECK(right >= askers * each / 2);
  c.async_close(asio::use_future).get();
  e.finish();
}

TEST_CASE("P20 a close while four threads ask completes every call exactly once") {
  for (int round = 0; round < 10; ++round) {
    hvc::simulator server(with_user());
    engine e(4);
    auto c = std::make_unique<hvc::client>(e.context.get_executor(),
                                           options_for(server).credentials(hvc::user_password("me", "secret")));
    constexpr unsigned askers = 4, each = 200;
    std::atomic<unsigned> ok = 0, closed = 0, other = 0;
    countdown all(askers * each);
    std::vector<std::thread> threads;
    for (unsigned t = 0; t < askers; ++t)
      threads.emplace_back([&] {
        for (unsigned i = 0; i < each; ++i)
          c->get_provider_sync("link-1", "provider-1", [&](hvc::result<hvc::sync_info> const& r) {
            ++(r ? ok : outcome_of(r) == "closed" ? closed : other);
            all.one();
          });
      });
    auto end = c->async_close(asio::use_future);
    auto second = c->async_close(asio::use_future);
    end.get();
    second.get();
    for (auto& t : threads)
      t.join();
    CHECK(all.wait());
    CHECK(ok + closed == askers * each);
    CHECK(other == 0);
    c.reset();
    e.finish();
    CHECK(server.wait_until([&] { return server.open_connections() == 0; }));
  }
}

TEST_CASE("L1 a client destroyed under load by another thread completes every call exactly once") {
  for (int round = 0; round < 10; ++round) {
    hvc::simulator server(with_user());
    engine e(4);
    auto c = std::make_unique<hvc::client>(e.context.get_executor(),
                                           options_for(server).credentials(hvc::user_password("me", "secret")));
    constexpr unsigned n = 500;
    countdown all(n);
    std::atomic<unsigned> other = 0;
    for (unsigned i = 0; i < n; ++i)
      c->get_provider_sync("link-1", "provider-1", [&](hvc::result<hvc::sync_info> const& r) {
        if (!r && outcome_of(r) != "closed")
          ++other;
        all.one();
      });
    server.wait_until([&] { return server.requests() >= 5U * static_cast<unsigned>(round); });
    c.reset();
    CHECK(all.wait());
    CHECK(other == 0);
    e.finish();
    CHECK(server.wait_until([&] { return server.open_connections() == 0; }));
  }
}

TEST_CASE("P23 faults and deadlines under four threads lose nothing") {
  auto so = with_user();
  so.faults = {"close@2%", "reset@2%", "close-idle@2%", "truncate@1%", "reset-in-handshake@5%"};
  hvc::simulator server(so);
  engine e(4);
  auto o = options_for(server).credentials(hvc::user_password("me", "secret"));
  o.retry().attempts = 5;
  hvc::client c(e.context.get_executor(), o);
  constexpr unsigned n = load_of(3'000);
  std::atomic<unsigned> right = 0, wrong = 0, failed = 0;
  countdown all(n);
  for (unsigned i = 0; i < n; ++i) {
    hvc::call_options call;
    if (i % 5 == 0)
      call.deadline(std::chrono::milliseconds(i % 40));
    c.get_provider_sync(link_of(i), provider_of(i), call, [&, i](hvc::result<hvc::sync_info> const& r) {
      if (!r)
        ++failed;
      else
        ++(belongs_to(r, link_of(i), provider_of(i)) ? right : wrong);
      all.one();
    });
  }
  CHECK(all.wait());
  CHECK(wrong == 0);
  CHECK(right > n / 2);
  CHECK(right + failed == n);
  c.async_close(asio::use_future).get();
  e.finish();
}
