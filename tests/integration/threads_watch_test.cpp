// Watches and waits whose client, consumer and stopper are on different threads: for ThreadSanitizer.
#include "threads_fixture.hpp"

#include <hvc/wait_for_sync.hpp>
#include <hvc/watch.hpp>

using namespace hvc::test;

TEST_CASE("watches and waits side by side over an io_context run by four, stopped by another thread, end once each") {
  hvc::simulator server(with_user());
  hvc::sync_info over_already;
  over_already.current_session_info = hvc::session_info{.stage = hvc::sync_stage::completed};
  engine e(4);
  hvc::client c(e.context.get_executor(), options_for(server).credentials(hvc::user_password("me", "secret")));
  using change = std::optional<hvc::result<hvc::sync_info>>;
  constexpr unsigned each = 30;
  std::vector<std::unique_ptr<hvc::watch>> watches;
  std::atomic<unsigned> first = 0, ends = 0, over = 0;
  countdown all(2 * each);
  for (unsigned i = 0; i < each; ++i) {
    server.set_provider(link_of(i), provider_of(i), over_already);
    watches.push_back(std::make_unique<hvc::watch>(c, link_of(i), provider_of(i), hvc::watch_options().interval(1ms)));
    auto& watched = *watches.back();
    watched.next([&](change const& x) {
      first += x && x->has_value() ? 1 : 0;
      watched.next([&](change const& none) {
        ends += none ? 0 : 1;
        all.one();
      });
    });
    hvc::wait_for_sync(c, link_of(i), provider_of(i), hvc::wait_options().interval(1ms),
                       [&](hvc::result<hvc::sync_info> const& r) {
                         over += r ? 1 : 0;
                         all.one();
                       });
  }
  CHECK(server.wait_until([&] { return first == each && over == each; }, 60s));
  for (auto const& w : watches)
    w->stop();
  CHECK(all.wait());
  CHECK(ends == each);
  watches.clear();
  c.async_close(boost::asio::use_future).get();
  e.finish();
}
