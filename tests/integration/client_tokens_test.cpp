// Every public call with every kind of completion token; handlers run where they ask to, never inline.
#include "client_fixture.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/version.hpp>
#if BOOST_VERSION >= 108600
#include <boost/asio/cancel_after.hpp>
#endif

#include <memory>
#include <thread>

namespace asio = boost::asio;
using namespace hvc::test;

namespace {

using links = std::vector<hvc::link_summary>;
using providers = std::vector<hvc::provider_summary>;

// Counts what goes through it, whatever it is rebound to.
struct allocation_counts {
  std::size_t allocated = 0, freed = 0;
};
template <class T> struct counting_allocator {
  using value_type = T;
  allocation_counts* counts;
  explicit counting_allocator(allocation_counts& c) noexcept : counts(&c) {}
  template <class U> counting_allocator(counting_allocator<U> const& other) noexcept : counts(other.counts) {} // NOLINT
  T* allocate(std::size_t n) {
    ++counts->allocated;
    return std::allocator<T>().allocate(n);
  }
  void deallocate(T* p, std::size_t n) noexcept {
    ++counts->freed;
    std::allocator<T>().deallocate(p, n);
  }
  friend bool operator==(counting_allocator const&, counting_allocator const&) = default;
};

// A handler that can be moved, and not copied.
struct move_only_handler {
  std::unique_ptr<int> proof = std::make_unique<int>(1);
  unsigned* called;
  template <class... Args> void operator()(Args&&...) { *called += static_cast<unsigned>(*proof); }
};

} // namespace

TEST_CASE("L8 every call is awaited with the default token") {
  world w;
  w.run([&]() -> asio::awaitable<void> {
    hvc::client c = w.make_client();
    hvc::result<hvc::sync_info> const one = co_await c.get_provider_sync("link-1", "provider-1");
    CHECK(belongs_to(one, "link-1", "provider-1"));
    hvc::result<hvc::sync_info> const two =
        co_await c.get_provider_sync("link-2", "provider-3", hvc::call_options().deadline(5s));
    CHECK(belongs_to(two, "link-2", "provider-3"));
    hvc::result<links> const l = co_await c.list_links();
    CHECK((l && l->size() == 3));
    hvc::result<links> const l2 = co_await c.list_links(hvc::call_options().attempts(1));
    CHECK((l2 && l2->front().link == "link-1"));
    hvc::result<providers> const p = co_await c.list_providers("link-1");
    CHECK((p && p->size() == 4));
    hvc::result<providers> const p2 = co_await c.list_providers("link-1", hvc::call_options().attempts(2));
    CHECK((p2 && p2->front().provider == "provider-1"));
    co_await c.async_close();
    co_await c.async_close();
  });
  CHECK(w.server.requests() == 6);
}

TEST_CASE("L8 every call is awaited with use_awaitable, and as a tuple") {
  world w;
  w.run([&]() -> asio::awaitable<void> {
    hvc::client c = w.make_client();
    CHECK((co_await c.get_provider_sync("link-1", "provider-1", asio::use_awaitable)).has_value());
    CHECK((co_await c.list_links(asio::use_awaitable)).has_value());
    CHECK((co_await c.list_providers("link-1", asio::use_awaitable)).has_value());
    auto [one] = co_await c.get_provider_sync("link-1", "provider-1", asio::as_tuple(asio::use_awaitable));
    CHECK(one.has_value());
    auto [two] =
        co_await c.get_provider_sync("link-1", "provider-1", hvc::call_options(), asio::as_tuple(asio::deferred));
    CHECK(two.has_value());
    auto [l] = co_await c.list_links(hvc::call_options(), asio::as_tuple(asio::deferred));
    CHECK(l.has_value());
    auto [p] = co_await c.list_providers("link-1", hvc::call_options(), asio::as_tuple(asio::use_awaitable));
    CHECK(p.has_value());
    co_await c.async_close(asio::as_tuple(asio::use_awaitable));
    co_await c.async_close(asio::use_awaitable);
  });
}

TEST_CASE("L8 a coroutine on the io_context's own executor type awaits calls") {
  using context_executor = asio::io_context::executor_type;
  world w;
  bool ended = false;
  auto const body = [&]() -> asio::awaitable<void, context_executor> {
    hvc::client c = w.make_client();
    auto const r = co_await c.get_provider_sync("link-1", "provider-2");
    CHECK(belongs_to(r, "link-1", "provider-2"));
    CHECK((co_await c.list_links()).has_value());
    CHECK((co_await c.list_providers("link-1")).has_value());
    co_await c.async_close();
    ended = true;
  };
  asio::co_spawn(w.context.get_executor(), body(), asio::detached);
  CHECK(w.run_out());
  CHECK(ended);
}

TEST_CASE("L8 a future receives the result of every call") {
  world w;
  hvc::client c = w.make_client();
  auto one = c.get_provider_sync("link-1", "provider-1", asio::use_future);
  auto two = c.get_provider_sync("link-1", "provider-2", hvc::call_options(), asio::use_future);
  auto l = c.list_links(asio::use_future);
  auto p = c.list_providers("link-1", asio::use_future);
  auto closed = std::make_unique<std::future<void>>();
  std::thread runner([&] { w.context.run_for(20s); });
  CHECK(belongs_to(one.get(), "link-1", "provider-1"));
  CHECK(belongs_to(two.get(), "link-1", "provider-2"));
  CHECK(l.get().has_value());
  CHECK(p.get().has_value());
  *closed = c.async_close(asio::use_future);
  closed->get();
  runner.join();
}

TEST_CASE("L8 a detached call is made and its answer dropped") {
  world w;
  hvc::client c = w.make_client();
  c.get_provider_sync("link-1", "provider-1", asio::detached);
  c.list_links(asio::detached);
  c.list_providers("link-1", asio::detached);
  CHECK(w.run_until([&] { return c.stats().calls_succeeded == 3; }));
  c.async_close(asio::detached);
  CHECK(w.run_out());
}

TEST_CASE("L8 a deferred call can be stored, and is made when it is started") {
  world w;
  hvc::client c = w.make_client();
  auto call = c.get_provider_sync("link-1", "provider-1", asio::deferred); // literals outlive it, as views must
  CHECK(c.stats().calls_started == 0);
  std::optional<hvc::result<hvc::sync_info>> r;
  hvc::client moved = std::move(c);
  std::move(call)([&](hvc::result<hvc::sync_info> x) { r = std::move(x); });
  REQUIRE(w.run_until([&] { return r.has_value(); }));
  CHECK(belongs_to(*r, "link-1", "provider-1"));
}

TEST_CASE("U12 no handler runs inside the initiating function") {
  world w;
  hvc::client c = w.make_client();
  unsigned ended = 0;
  auto const count = [&](auto const&...) { ++ended; };
  asio::post(w.context, [&] {                     // on the io_context's own thread, where a dispatch would run at once
    c.get_provider_sync("", "provider-1", count); // refused
    c.get_provider_sync("link-1", "provider-1", hvc::call_options().deadline(0ms), count); // already late
    c.list_links(count);
    c.async_close(count); // completes the third as well
    c.list_links(count);  // closed
    CHECK(ended == 0);
  });
  CHECK(w.run_until([&] { return ended == 5; }));
  c.async_close(count);
  CHECK(ended == 5);
  CHECK(w.run_out());
  CHECK(ended == 6);
}

TEST_CASE("I1 a handler runs on its associated executor, a strand or another io_context") {
  world w;
  hvc::client c = w.make_client();
  SECTION("a strand") {
    auto const strand = asio::make_strand(w.context);
    unsigned on_strand = 0;
    auto check = asio::bind_executor(strand, [&](auto const&...) { on_strand += strand.running_in_this_thread(); });
    c.get_provider_sync("link-1", "provider-1", check);
    c.get_provider_sync("", "provider-1", check);
    c.list_links(check);
    REQUIRE(w.run_until([&] { return c.stats().calls_succeeded == 2 && on_strand == 3; }));
    c.async_close(check);
    REQUIRE(w.run_until([&] { return on_strand == 4; }));
  }
  SECTION("another io_context, which has work until then") {
    asio::io_context other;
    bool ended = false;
    c.get_provider_sync("link-1", "provider-1", asio::bind_executor(other, [&](hvc::result<hvc::sync_info> const& r) {
                          CHECK(r.has_value());
                          ended = true;
                        }));
    REQUIRE(w.run_until([&] { return c.stats().calls_succeeded == 1; }));
    CHECK_FALSE(ended);
    other.run_for(20s);
    CHECK(ended);
  }
}

TEST_CASE("L8 a client on a strand serves coroutines on it") {
  world w;
  hvc::client c(asio::make_strand(w.context), w.options());
  calls many(w);
  for (unsigned i = 0; i < 20; ++i)
    many.get(c);
  many.wait();
  CHECK(many.all("OK"));
}

TEST_CASE("L9 memory for a handler comes from its allocator, and all of it goes back") {
  world w;
  allocation_counts counts;
  {
    hvc::client c = w.make_client();
    unsigned ended = 0;
    counting_allocator<void> const allocator(counts);
    auto const handler = [&] { return asio::bind_allocator(allocator, [&](auto const&...) { ++ended; }); };
    c.get_provider_sync("link-1", "provider-1", handler());
    CHECK(counts.allocated > 0);
    c.get_provider_sync("", "provider-1", handler());
    c.list_links(handler());
    c.list_providers("link-1", handler());
    c.get_provider_sync("link-1", "provider-1", asio::bind_executor(asio::make_strand(w.context), handler()));
    REQUIRE(w.run_until([&] { return ended == 5; }));
    c.async_close(handler());
    REQUIRE(w.run_until([&] { return ended == 6; }));
  }
  CHECK(counts.allocated == counts.freed);
}

TEST_CASE("L8 a handler that can only be moved is enough") {
  world w;
  hvc::client c = w.make_client();
  unsigned called = 0;
  c.get_provider_sync("link-1", "provider-1", move_only_handler{.called = &called});
  c.get_provider_sync(".", "provider-1", move_only_handler{.called = &called});
  c.list_links(move_only_handler{.called = &called});
  c.list_providers("link-1", hvc::call_options(), move_only_handler{.called = &called});
  REQUIRE(w.run_until([&] { return called == 4; }));
  c.async_close(move_only_handler{.called = &called});
  REQUIRE(w.run_until([&] { return called == 5; }));
}

TEST_CASE("L2 a cancellation slot ends a call with canceled, whichever type the signal has") {
  world w;
  w.server.on_request([](auto const&) {
    hvc::canned_reply late(200, "{}");
    late.fault = "stall";
    return late;
  });
  hvc::client c = w.make_client();
  for (auto const type :
       {asio::cancellation_type::terminal, asio::cancellation_type::partial, asio::cancellation_type::total}) {
    asio::cancellation_signal signal;
    std::optional<hvc::result<hvc::sync_info>> r;
    auto const before = w.server.requests();
    c.get_provider_sync(
        "link-1", "provider-1",
        asio::bind_cancellation_slot(signal.slot(), [&](hvc::result<hvc::sync_info> x) { r = std::move(x); }));
    REQUIRE(w.run_until([&] { return w.server.requests() > before; }));
    signal.emit(asio::cancellation_type::none);
    CHECK_FALSE(r.has_value());
    signal.emit(type);
    CHECK_FALSE(r.has_value()); // not inside emit() either
    REQUIRE(w.run_until([&] { return r.has_value(); }));
    CHECK(outcome_of(*r) == "canceled");
    CHECK_FALSE(signal.slot().has_handler()); // cleared, so that a late signal finds nothing
    signal.emit(type);
  }
  w.close(c);
  CHECK(w.server.wait_until([&] { return w.server.open_connections() == 0; }));
}

TEST_CASE("L8 a call races against a timer with the || operator, and the loser is cancelled") {
  using namespace asio::experimental::awaitable_operators;
  world w;
  w.run([&]() -> asio::awaitable<void> {
    hvc::client c = w.make_client();
    asio::steady_timer timer(w.context);
    timer.expires_after(20s);
    auto won = co_await (c.get_provider_sync("link-1", "provider-1", asio::use_awaitable) ||
                         timer.async_wait(asio::use_awaitable));
    REQUIRE(won.index() == 0);
    CHECK(belongs_to(std::get<0>(won), "link-1", "provider-1"));
    w.server.on_request([](auto const&) {
      hvc::canned_reply late(200, "{}");
      late.fault = "stall";
      return late;
    });
    timer.expires_after(1ms);
    auto lost = co_await (c.get_provider_sync("link-1", "provider-1", asio::use_awaitable) ||
                          timer.async_wait(asio::use_awaitable));
    CHECK(lost.index() == 1);
    CHECK(c.stats().calls_failed == 1);
    co_await c.async_close();
  });
}

TEST_CASE("L8 calls run side by side in a parallel group") {
  world w;
  w.run([&]() -> asio::awaitable<void> {
    hvc::client c = w.make_client();
    auto [order, one, two, l] =
        co_await asio::experimental::make_parallel_group(c.get_provider_sync("link-1", "provider-1", asio::deferred),
                                                         c.get_provider_sync("link-2", "provider-2", asio::deferred),
                                                         c.list_links(asio::deferred))
            .async_wait(asio::experimental::wait_for_all(), asio::use_awaitable);
    CHECK(order.size() == 3);
    CHECK(belongs_to(one, "link-1", "provider-1"));
    CHECK(belongs_to(two, "link-2", "provider-2"));
    CHECK(l.has_value());
    co_await c.async_close();
  });
}

#if BOOST_VERSION >= 108600
TEST_CASE("L8 cancel_after ends a call with canceled") {
  world w;
  w.server.on_request([](auto const&) {
    hvc::canned_reply late(200, "{}");
    late.fault = "stall";
    return late;
  });
  w.run([&]() -> asio::awaitable<void> {
    hvc::client c = w.make_client();
    auto const r = co_await c.get_provider_sync("link-1", "provider-1", asio::cancel_after(1ms));
    CHECK(outcome_of(r) == "canceled");
    auto const s = co_await c.list_links(asio::cancel_after(20s, asio::deferred));
    CHECK(outcome_of(s) != "OK");
    co_await c.async_close();
  });
}
#endif
