// Credentials and trust that change while four threads ask: for ThreadSanitizer.
#include "threads_fixture.hpp"

using namespace hvc::test;

TEST_CASE("credentials and trust rotated under load by another thread: every call is answered") {
  hvc::simulator server(with_user());
  engine e(4);
  auto c = std::make_unique<hvc::client>(e.context.get_executor(),
                                         options_for(server).credentials(hvc::user_password("me", "secret")));
  constexpr unsigned askers = 2, each = load_of(1'500);
  std::atomic<unsigned> right = 0, wrong = 0;
  std::atomic<bool> asking = true;
  countdown all(askers * each);
  std::vector<std::thread> threads;
  for (unsigned t = 0; t < askers; ++t)
    threads.emplace_back([&, t] {
      for (unsigned i = 0; i < each; ++i) {
        auto const n = t * each + i;
        c->get_provider_sync(link_of(n), provider_of(n), [&, n](hvc::result<hvc::sync_info> const& r) {
          ++(belongs_to(r, link_of(n), provider_of(n)) ? right : wrong);
          all.one();
        });
      }
    });
  std::thread rotation([&] {
    for (unsigned i = 0; asking && i < 40; ++i) {
      if (i % 2 == 0 && !c->update_credentials(hvc::user_password("me", "secret")))
        ++wrong;
      if (i % 2 == 1 && !c->update_tls(hvc::tls_options().ca_pem(server.ca_pem())))
        ++wrong;
      server.wait_until([&] { return server.requests() >= 60U * i || !asking; }, 100ms);
    }
  });
  CHECK(all.wait());
  asking = false;
  rotation.join();
  for (auto& t : threads)
    t.join();
  CHECK(right == askers * each);
  CHECK(wrong == 0);
  c->async_close(boost::asio::use_future).get();
  c.reset();
  e.finish();
  CHECK(server.logins() > 1);
  CHECK(server.logouts() > 1);
}
