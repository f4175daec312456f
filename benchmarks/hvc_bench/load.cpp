#include "load.hpp"

#include "allocations.hpp"
#include "value_hash.hpp"

#include <boost/asio/post.hpp>

#include <csignal>
#include <thread>

namespace {

std::string with_number(std::string text, std::uint64_t n) {
  constexpr std::string_view mark = "{n}";
  for (auto at = text.find(mark); at != std::string::npos; at = text.find(mark))
    text.replace(at, mark.size(), std::to_string(n));
  return text;
}

bool echoes(hvc::sync_info const& info, std::string const& link, std::string const& provider) {
  return info.status_message && info.status_message->args.size() == 2 && info.status_message->args[0] == link &&
         info.status_message->args[1] == provider;
}

// As by nohup, and by a shell of its background jobs.
bool is_ignored(int signal) {
  struct sigaction now {};
  return ::sigaction(signal, nullptr, &now) == 0 && now.sa_handler == SIG_IGN;
}

thread_local void* tally_of_this_thread = nullptr;

} // namespace

// One call after the other. In an open loop a call waits for its intended start; if that has passed already, it starts
// at once and its latency contains the delay.
class load::loop {
public:
  explicit loop(load& l) : load_(l), timer_(l.ioc_) {}

  void next(clock::time_point now) {
    std::uint64_t const index = load_.taken_.fetch_add(1, std::memory_order_relaxed);
    if (index >= load_.requests_) {
      if (load_.loops_left_.fetch_sub(1, std::memory_order_acq_rel) == 1)
        load_.ioc_.stop();
      return;
    }
    asked_ = &load_.questions_[index % load_.questions_.size()];
    began_ = now;
    if (!load_.settings_.rate)
      return ask();
    began_ = load_.began_ + std::chrono::nanoseconds(static_cast<std::int64_t>(
                                static_cast<double>(index) * 1e9 / static_cast<double>(*load_.settings_.rate)));
    if (began_ <= now)
      return ask();
    timer_.expires_at(began_);
    timer_.async_wait([this](boost::system::error_code) { ask(); });
  }

private:
  void ask() {
    load_.client_.get_provider_sync(asked_->link, asked_->provider, [this](hvc::result<hvc::sync_info>&& answer) {
      if (load_.interrupted_)
        return;
      auto const now = answered(std::move(answer)); // whose argument ends here
      next(now);
    });
  }

  // The answer is gone before the next question is asked, as it is in a coroutine's loop.
  clock::time_point answered(hvc::result<hvc::sync_info> answer) {
    auto const now = clock::now();
    static_cast<tally*>(tally_of_this_thread)->latencies.add(now - began_);
    load_.note(*asked_, answer);
    return now;
  }

  load& load_;
  question const* asked_ = nullptr;
  clock::time_point began_;
  boost::asio::steady_timer timer_;
};

load::load(settings const& s)
    : settings_(s), checks_echo_((s.link + s.provider).find("{n}") != std::string::npos),
      ioc_(static_cast<int>(s.threads)), signals_(ioc_), client_(ioc_.get_executor(), s.client) {
  std::uint64_t const different = checks_echo_ ? s.ids : 1;
  for (std::uint64_t n = 0; n != different; ++n)
    questions_.push_back({with_number(s.link, n), with_number(s.provider, n)});
  for (unsigned i = 0; i != s.concurrency; ++i)
    loops_.push_back(std::make_unique<loop>(*this));
  end_at_signals();
}

load::~load() = default;

void load::end_at_signals() {
  for (int const signal : {SIGINT, SIGTERM, SIGHUP})
    if (!is_ignored(signal))
      signals_.add(signal);
  signals_.async_wait([this](boost::system::error_code ec, int) {
    if (ec)
      return;
    signals_.clear();
    interrupted_ = true;
    ioc_.stop();
  });
}

void load::note(question const& asked, hvc::result<hvc::sync_info> const& answer) {
  tally& mine = *static_cast<tally*>(tally_of_this_thread);
  if (!answer) {
    if (mine.errors++ == 0) {
      std::lock_guard const lock(error_mutex_);
      if (first_error_.empty())
        first_error_ = answer.error().message();
    }
    return;
  }
  if (checks_echo_)
    ++(echoes(*answer, asked.link, asked.provider) ? mine.echoed : mine.not_echoed);
  if (settings_.hash)
    mine.hash += bench::value_hash(*answer);
}

void load::run_thread(tally& mine) {
  tally_of_this_thread = &mine;
  std::uint64_t const all = bench::allocations_of_this_thread();
  std::uint64_t const openssl = bench::openssl_allocations_of_this_thread();
  ioc_.run();
  mine.allocations = bench::allocations_of_this_thread() - all;
  mine.openssl_allocations = bench::openssl_allocations_of_this_thread() - openssl;
}

void load::run_phase(std::uint64_t requests) {
  requests_ = requests;
  taken_ = 0;
  loops_left_ = loops_.size();
  tallies_.assign(settings_.threads, tally());
  ioc_.restart();
  began_ = clock::now();
  for (auto const& l : loops_)
    boost::asio::post(ioc_, [this, &l = *l] { l.next(began_); });

  std::vector<std::jthread> others;
  for (unsigned i = 1; i < settings_.threads; ++i)
    others.emplace_back([this, i] { run_thread(tallies_[i]); });
  run_thread(tallies_[0]);
}

bench::figures load::run() {
  if (settings_.warmup != 0)
    run_phase(settings_.warmup);
  bench::figures const measured = interrupted_ ? bench::figures() : measure();
  close();
  return measured;
}

bench::figures load::measure() {
  hvc::client_stats const before = client_.stats();
  double const cpu_us = bench::process_cpu_us();
  run_phase(settings_.requests);
  double const seconds = std::chrono::duration<double>(clock::now() - began_).count();
  return figures(seconds, bench::process_cpu_us() - cpu_us, before);
}

void load::close() {
  bool closed = false;
  client_.async_close([this, &closed] {
    closed = true;
    ioc_.stop();
  });
  while (!closed) { // a signal, and what an interrupted run has left there, stop it too
    ioc_.restart();
    ioc_.run();
  }
}

bench::figures load::figures(double seconds, double cpu_us, hvc::client_stats const& before) const {
  tally sum;
  for (tally const& t : tallies_) {
    sum.latencies.add(t.latencies);
    sum.errors += t.errors;
    sum.echoed += t.echoed;
    sum.not_echoed += t.not_echoed;
    sum.hash += t.hash;
    sum.allocations += t.allocations;
    sum.openssl_allocations += t.openssl_allocations;
  }
  auto const n = static_cast<double>(sum.latencies.total());
  hvc::client_stats const now = client_.stats();
  bench::figures f;
  f.requests = sum.latencies.total();
  f.errors = sum.errors;
  f.wrong = sum.echoed != 0 ? sum.not_echoed : 0; // a server that never echoes has not answered wrongly
  f.seconds = seconds;
  f.requests_per_second = n / seconds;
  f.cpu_us_per_request = cpu_us / n;
  f.p50_us = sum.latencies.quantile_us(0.5);
  f.p99_us = sum.latencies.quantile_us(0.99);
  f.p999_us = sum.latencies.quantile_us(0.999);
  f.allocations_per_request = static_cast<double>(sum.allocations) / n;
  f.peak_rss_kb = bench::process_peak_rss_kb();
  f.connections_opened = now.connections_opened;
  f.retries = now.retries - before.retries;
  if (settings_.details)
    f.openssl_allocations_per_request = static_cast<double>(sum.openssl_allocations) / n;
  if (settings_.hash)
    f.hash = bench::hash_text(sum.hash);
  return f;
}
