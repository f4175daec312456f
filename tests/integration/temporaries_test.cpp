// g++ 12 destroys a temporary twice when it is an argument inside a co_await expression and an aggregate with a member
// that has a destructor. Each public call, with temporaries of everything it takes: under AddressSanitizer a second
// destruction shows; without it, the counts do.
#include "client_fixture.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <memory>

namespace asio = boost::asio;
using namespace hvc::test;

namespace {

// Long enough to live on the heap.
std::string link() { return std::string("link-of-a-name-that-no-small-string-holds-") + "1"; }
std::string provider() { return std::string("provider-of-a-name-that-no-small-string-holds-") + "1"; }

hvc::sync_info info_of_its_own() {
  hvc::sync_info i;
  i.status = hvc::sync_status::succeeded;
  i.polling_interval_in_seconds = 300;
  i.status_message = hvc::localizable_message{
      .id = "a", .default_message = "b", .args = {link(), provider()}, .params = {}, .localized = {}};
  return i;
}

// How many of it live.
class counted {
public:
  explicit counted(int& alive) : alive_(&alive) { ++*alive_; }
  counted(counted const& other) noexcept : alive_(other.alive_) { ++*alive_; }
  counted& operator=(counted const&) = delete;
  ~counted() { --*alive_; }
  template <class... Args> void operator()(Args&&...) const {}

private:
  int* alive_;
  std::string ballast_ = std::string(64, 'x');
};

} // namespace

TEST_CASE("L8 temporaries as arguments of every call survive a co_await") {
  world w;
  w.server.set_provider(link(), provider(), info_of_its_own());
  std::string seen;
  w.server.on_request([&](hvc::simulated_request const& r) -> std::optional<hvc::canned_reply> {
    seen = r.field("x-request-id");
    return std::nullopt;
  });
  w.run([&]() -> asio::awaitable<void> {
    hvc::client c(w.context.get_executor(),
                  hvc::client_options(w.options())
                      .credentials(hvc::user_password(std::string(40, 'u'), std::string(40, 'p')))
                      .user_agent(std::string(40, 'a')));
    CHECK(belongs_to(co_await c.get_provider_sync(link(), provider()), link(), provider()));
    CHECK(belongs_to(co_await c.get_provider_sync(link(), provider(), asio::use_awaitable), link(), provider()));
    CHECK(belongs_to(co_await c.get_provider_sync(link(), provider(),
                                                  hvc::call_options().deadline(20s).attempts(2).header(
                                                      std::string("X-Request-ID"), std::string(50, 'r'))),
                     link(), provider()));
    CHECK(seen == std::string(50, 'r'));
    CHECK(belongs_to(
        co_await c.get_provider_sync(link(), provider(),
                                     hvc::call_options().header(std::string("X-Request-ID"), std::string(60, 's')),
                                     asio::use_awaitable),
        link(), provider()));
    CHECK(seen == std::string(60, 's'));
    auto [r] = co_await c.get_provider_sync(link(), provider(),
                                            hvc::call_options().header("X-Request-ID", std::string(70, 't')),
                                            asio::as_tuple(asio::deferred));
    CHECK(belongs_to(r, link(), provider()));
    CHECK(seen == std::string(70, 't'));
    CHECK((co_await c.list_links(hvc::call_options().header("X-Request-ID", std::string(80, 'u')))).has_value());
    CHECK(seen == std::string(80, 'u'));
    CHECK((co_await c.list_links()).has_value());
    CHECK((co_await c.list_providers(link())).has_value());
    CHECK((co_await c.list_providers(link(), hvc::call_options().header("X-Request-ID", std::string(90, 'v'))))
              .has_value());
    CHECK(seen == std::string(90, 'v'));
    CHECK((co_await c.log_in()).has_value());
    CHECK((co_await c.log_in(hvc::call_options().header("X-Request-ID", std::string(100, 'w')))).has_value());
    co_await c.async_close();
    co_await c.async_close(asio::as_tuple(asio::deferred));
  });
}

TEST_CASE("L8 a failed call gives its error away intact in the expression that awaits it") {
  world w;
  w.run([&]() -> asio::awaitable<void> {
    hvc::client c = w.make_client();
    auto const e = (co_await c.get_provider_sync(std::string("link-1"), std::string("error-NOT_FOUND"))).error();
    REQUIRE(e.standard());
    CHECK(e.standard()->error_type == hvc::error_type::not_found);
    std::string const text = (co_await c.get_provider_sync(std::string(4000, '/'), provider())).error().message();
    CHECK_FALSE(text.empty());
    try {
      static_cast<void>((co_await c.get_provider_sync(std::string("no-such-link-of-this-server"), provider())).value());
      CHECK(false);
    } catch (hvc::exception const& x) {
      CHECK(x.error().http_status() == 404);
    }
    co_await c.async_close();
  });
}

TEST_CASE("L8 a handler is destroyed as often as it is made") {
  int alive = 0;
  {
    world w;
    hvc::client c = w.make_client();
    c.get_provider_sync(std::string("link-1"), std::string("provider-1"), counted(alive));
    c.get_provider_sync(std::string(), std::string("provider-1"), counted(alive));
    c.list_links(hvc::call_options().header("X-Request-ID", std::string(40, 'x')), counted(alive));
    c.list_providers(std::string("link-1"), counted(alive));
    CHECK(alive == 4);
    REQUIRE(w.run_until([&] { return alive == 0; }));
    c.get_provider_sync(std::string("link-1"), std::string("provider-1"), counted(alive));
    c.async_close(counted(alive));
    REQUIRE(w.run_until([&] { return alive == 0; }));
    c.list_links(counted(alive)); // dropped with the io_context
    CHECK(alive == 1);
  }
  CHECK(alive == 0);
}

TEST_CASE("L8 a spawned call with captured temporaries keeps them") {
  world w;
  auto const ask = [&w](std::string l,
                        std::string p) -> asio::awaitable<bool> { // arguments, not captures: the trap again
    hvc::client c = w.make_client();
    auto r = co_await c.get_provider_sync(l, p);
    bool const right = belongs_to(r, l, p);
    co_await c.async_close();
    co_return right;
  };
  w.run([&]() -> asio::awaitable<void> {
    bool const right =
        co_await asio::co_spawn(w.context, ask(std::string("link-1"), std::string("provider-1")), asio::use_awaitable);
    CHECK(right);
  });
}
