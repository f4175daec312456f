// Sweeps whose client, consumer and watcher are on different threads: for ThreadSanitizer.
#include "threads_fixture.hpp"

#include <hvc/sweep.hpp>

#include <boost/asio/strand.hpp>

#include <ranges>

namespace asio = boost::asio;
using namespace hvc::test;

TEST_CASE(
    "sweeps side by side over an io_context run by four, watched by another thread, answer every question rightly") {
  hvc::simulator server(with_user());
  engine e(4);
  hvc::client c(e.context.get_executor(), options_for(server).credentials(hvc::user_password("me", "secret")));
  constexpr unsigned each = load_of(1'000);
  std::atomic<unsigned> right = 0, wrong = 0;
  auto const many = std::views::iota(0U, each) |
                    std::views::transform([](unsigned n) { return hvc::question(link_of(n), provider_of(n)); });
  std::vector<std::unique_ptr<hvc::sweep>> sweeps;
  for (bool const in_order : {false, true})
    for (double const rate : {0.0, 5'000.0})
      sweeps.push_back(
          std::make_unique<hvc::sweep>(c, many, hvc::sweep_options().rate(rate).in_order(in_order).concurrency(64)));
  sweeps.push_back(std::make_unique<hvc::sweep>(c, hvc::everything, hvc::sweep_options().rate(0)));
  countdown all(static_cast<unsigned>(sweeps.size()));
  for (auto const& s : sweeps)
    s->each([&](hvc::swept const& r) { ++(belongs_to(r.info, r.question.link, r.question.provider) ? right : wrong); },
            asio::bind_executor(asio::make_strand(e.context), [&] { all.one(); }));
  std::atomic<bool> watching = true;
  std::thread watcher([&] {
    while (watching)
      for (auto const& s : sweeps) {
        auto const p = s->progress();
        if (p.failed > 0 || p.in_flight > 64)
          ++wrong;
      }
  });
  CHECK(all.wait());
  watching = false;
  watcher.join();
  CHECK(right == 4 * each + 77);
  CHECK(wrong == 0);
  sweeps.clear();
  c.async_close(asio::use_future).get();
  e.finish();
}

TEST_CASE("a sweep stopped or destroyed by another thread ends the waiting, once") {
  hvc::simulator server(with_user());
  engine e(4);
  hvc::client c(e.context.get_executor(), options_for(server).credentials(hvc::user_password("me", "secret")));
  for (unsigned round = 0; round < 20; ++round) {
    auto s = std::make_unique<hvc::sweep>(c, hvc::everything, hvc::sweep_options().rate(0).concurrency(16));
    std::promise<void> ended;
    std::atomic<unsigned> came = 0;
    s->each([&](hvc::swept const&) { ++came; }, [&] { ended.set_value(); });
    server.wait_until([&] { return came >= 2 * round; });
    if (round % 2 == 0)
      s->stop();
    else
      std::thread([&] { s.reset(); }).join();
    CHECK(ended.get_future().wait_for(60s) == std::future_status::ready);
  }
  c.async_close(asio::use_future).get();
  e.finish();
}
