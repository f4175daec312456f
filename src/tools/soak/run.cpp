#include "run.hpp"

#include "allocations.hpp"
#include "ledger.hpp"
#include "server.hpp"

#include <hvc/client.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>

#include <condition_variable>
#include <iostream>

namespace hvc::soak {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;
using clock = std::chrono::steady_clock;

constexpr auto most_silence = std::chrono::seconds(30); // in which no call ends: they hang

// Why connections and logins failed. Several threads tell it.
class failure_counter final : public observer {
public:
  void connection_closed(error const* why) override { count(connections_, why); }
  void login_finished(error const* failed) override { count(logins_, failed); }
  void write_to(figures& f) const {
    for (std::size_t n = 0; n != error_kinds; ++n) {
      f.met_by_connections[n] = connections_[n];
      f.met_by_logins[n] = logins_[n];
    }
  }

private:
  using counts = std::array<std::atomic<std::uint64_t>, error_kinds>;
  static void count(counts& in, error const* why) {
    if (why != nullptr)
      ++in[static_cast<std::size_t>(why->kind())];
  }
  counts connections_{};
  counts logins_{};
};

class latch {
public:
  void open() {
    std::lock_guard const lock(mutex_);
    opened_ = true;
    moved_.notify_all();
  }
  [[nodiscard]] bool wait_for(milliseconds time) {
    std::unique_lock lock(mutex_);
    return moved_.wait_for(lock, time, [this] { return opened_; });
  }

private:
  std::mutex mutex_;
  std::condition_variable moved_;
  bool opened_ = false;
};

struct campaign {
  settings const& with;
  ledger& book;
  hvc::client& client;
  latch& done;
  std::atomic<std::uint64_t> next = 0;
  std::atomic<unsigned> at_work = 0;
};

// Makes one call after the other, on a strand.
class caller {
public:
  caller(campaign& c, asio::any_io_executor const& executor)
      : campaign_(c), strand_(asio::make_strand(executor)), timer_(strand_) {}

  void begin() {
    asio::post(strand_, [this] { next(); });
  }

private:
  template <class F> auto bound(F f) {
    return asio::bind_executor(strand_, asio::bind_cancellation_slot(cancellation_.slot(), std::move(f)));
  }

  void next() {
    call_ = campaign_.next++;
    if (call_ >= campaign_.with.requests) {
      if (--campaign_.at_work == 0)
        campaign_.done.open();
      return;
    }
    auto const random = mixed(campaign_.with.seed, call_, 99);
    auto const temper = campaign_.book.temper_of(call_);
    deadline_ = temper == temper::hurried ? milliseconds(random % 30) : campaign_.with.deadline;
    link_ = "link-" + std::to_string(random % server::links + 1);
    provider_ = "provider-" + std::to_string(random / server::links % server::providers + 1);
    started_ = clock::now();
    if (temper == temper::fickle)
      cancel_after(milliseconds(random % 50));
    if (temper == temper::commanding)
      return campaign_.client.start_provider_sync(link_, provider_, options(),
                                                  bound([this](result<void> r) { started(std::move(r)); }));
    campaign_.client.get_provider_sync(link_, provider_, options(),
                                       bound([this](result<sync_info> r) { answered(std::move(r)); }));
  }

  [[nodiscard]] call_options options() const {
    call_options o;
    o.header(server::call_field, std::to_string(call_));
    if (deadline_ != campaign_.with.deadline)
      o.deadline(deadline_);
    return o;
  }

  void cancel_after(milliseconds time) {
    timer_.expires_after(time);
    timer_.async_wait([this, call = call_](boost::system::error_code ec) {
      if (!ec && call == call_)
        cancellation_.emit(asio::cancellation_type::terminal);
    });
  }

  [[nodiscard]] std::chrono::nanoseconds too_late() const { return clock::now() - started_ - deadline_; }

  void answered(result<sync_info> r) {
    auto const late = too_late();
    timer_.cancel();
    if (!r) {
      campaign_.book.failed(call_, late, r.error());
    } else {
      campaign_.book.answered(call_, late, wrong_with(*r));
    }
    next();
  }

  // An answer names what was asked; what it says instead, if it does not.
  [[nodiscard]] std::string wrong_with(sync_info const& i) const {
    if (!i.status_message)
      return "no message";
    if (i.status_message->args == std::vector<std::string>{link_, provider_})
      return {};
    auto text = "asked for " + link_ + ' ' + provider_ + ", told of";
    for (auto const& a : i.status_message->args)
      text += ' ' + a;
    return text;
  }

  void started(result<void> r) {
    auto const late = too_late();
    if (r)
      campaign_.book.answered(call_, late, {});
    else
      campaign_.book.failed(call_, late, r.error());
    next();
  }

  campaign& campaign_;
  asio::strand<asio::any_io_executor> strand_;
  asio::steady_timer timer_;
  asio::cancellation_signal cancellation_;
  std::uint64_t call_ = 0;
  std::string link_, provider_;
  milliseconds deadline_{};
  clock::time_point started_;
};

client_options options_for(settings const& with, server const& to, std::shared_ptr<observer> o) {
  client_options c;
  c.server(to.url()).credentials(user_password(server::user, server::password)).deadline(with.deadline);
  c.observer(std::move(o)).seed(with.seed);
  c.tls().ca_pem(to.ca_pem());
  c.pool().max_connections = with.connections;
  c.timeouts().attempt = with.attempt;
  c.timeouts().handshake = with.handshake;
  c.retry().attempts = with.attempts;
  return c;
}

std::int64_t open_descriptors() {
  using iterator = std::filesystem::directory_iterator;
  return std::distance(iterator("/proc/self/fd"), iterator());
}

struct observed {
  client_stats client;
  unsigned lowest_budget = 0;
  bool hung = false;
};

// Until all calls have ended, or none has for a long time.
observed watch(campaign& c) {
  observed o;
  o.lowest_budget = c.client.stats().retry_budget;
  std::uint64_t ended = 0;
  auto moved = clock::now();
  auto told = moved;
  while (!c.done.wait_for(milliseconds(20))) {
    o.lowest_budget = std::min(o.lowest_budget, c.client.stats().retry_budget);
    auto const now = clock::now();
    if (auto const n = c.book.ended(); n != ended) {
      ended = n;
      moved = now;
    }
    if (now - moved > most_silence + c.with.deadline) {
      o.hung = true;
      break;
    }
    if (c.with.progress && now - told >= std::chrono::seconds(5)) {
      std::cerr << ended << " of " << c.with.requests << " calls\n";
      told = now;
    }
  }
  o.client = c.client.stats();
  return o;
}

// Everything but what must be measured from outside.
figures run_inside(settings const& with) {
  ledger book(with.requests, with.concurrency, with.seed, with.share_of_faults);
  server to(book, with.events, with.requests, with.seed);
  auto const counter = std::make_shared<failure_counter>();
  observed seen;
  asio::io_context context(static_cast<int>(with.threads));
  {
    auto work = asio::make_work_guard(context);
    hvc::client client(context.get_executor(), options_for(with, to, counter));
    latch done, closed;
    campaign c{with, book, client, done};
    c.at_work = with.concurrency;
    std::vector<std::unique_ptr<caller>> callers;
    for (unsigned n = 0; n != with.concurrency; ++n)
      callers.push_back(std::make_unique<caller>(c, context.get_executor()));
    std::vector<std::thread> threads;
    for (unsigned n = 0; n != with.threads; ++n)
      threads.emplace_back([&] { context.run(); });
    for (auto const& one : callers)
      one->begin();
    seen = watch(c);
    client.async_close([&] { closed.open(); });
    if (!closed.wait_for(std::chrono::seconds(10)))
      seen.hung = true;
    work.reset();
    if (seen.hung)
      context.stop();
    for (auto& t : threads)
      t.join();
  }
  auto f = book.count();
  f.client = seen.client;
  f.lowest_budget = seen.lowest_budget;
  f.hung = seen.hung;
  counter->write_to(f);
  f.open_connections = to.open_connections();
  f.restarts = to.restarts();
  f.expiries = to.expiries();
  return f;
}

} // namespace

figures run(settings const& s) {
  auto const began = clock::now();
  auto const descriptors = open_descriptors();
  auto const allocations = live_allocations();
  auto f = run_inside(s);
  auto const explanations = static_cast<std::int64_t>(f.explanations.size()); // live, in a vector, and are no leak
  f.allocations = live_allocations() - allocations - explanations - (explanations != 0 ? 1 : 0);
  f.sockets = open_descriptors() - descriptors;
  f.took = clock::now() - began;
  return f;
}

} // namespace hvc::soak
