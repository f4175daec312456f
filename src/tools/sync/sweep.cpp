// hvc-sync sweep
#include "command.hpp"
#include "error_text.hpp"
#include "paced_output.hpp"
#include "progress_bar.hpp"
#include "replaced_file.hpp"
#include "report_page.hpp"
#include "rows.hpp"
#include "sweep_flags.hpp"
#include "tally.hpp"
#include "usage_error.hpp"

#include <hvc/sweep.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <set>

#include <unistd.h>

namespace hvc::tools {

namespace {

namespace asio = boost::asio;

// By its own clock, if it told.
date_time now_at(server const& s) {
  auto const here = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
  return s.events->server_time().value_or(here);
}

// A sweep for each server, side by side, and one place where their results go.
class all_sweeps {
public:
  all_sweeps(session const& s, sweep_flags const& flags)
      : session_(s), bar_(s.errors_to, start_), timer_(s.client().get_executor()) {
    for (server& each : s.servers)
      sweeps_.emplace_back(each.client, everything,
                           sweep_options().rate(flags.rate).concurrency(flags.concurrency).call(each.call));
    if (auto const path = s.line.value("html"))
      begin_page(*path);
  }

  asio::awaitable<int> run() {
    co_await asio::this_coro::throw_if_cancelled(false);
    auto const executor = co_await asio::this_coro::executor;
    begin();
    std::vector<decltype(asio::co_spawn(executor, keep_moving(), asio::deferred))> parts;
    parts.push_back(asio::co_spawn(executor, keep_moving(), asio::deferred));
    for (std::size_t i = 0; i < sweeps_.size(); ++i)
      parts.push_back(asio::co_spawn(executor, take_all(session_.servers[i], sweeps_[i]), asio::deferred));
    auto const [order, failures] = co_await asio::experimental::make_parallel_group(std::move(parts))
                                       .async_wait(asio::experimental::wait_for_one_error(), asio::use_awaitable);
    for (auto const& failure : failures)
      if (failure)
        std::rethrow_exception(failure);
    co_return co_await end();
  }

private:
  // Ends with the sweep, or when nobody wants to know any more.
  asio::awaitable<void> take_all(server& from, hvc::sweep& sweep) {
    co_await asio::this_coro::throw_if_cancelled(false);
    while (auto const r = co_await sweep.next()) {
      add(from, *r);
      if (out_.is_full())
        co_await flush();
      if (co_await is_interrupted())
        break;
    }
    sweep.stop(); // where it was interrupted; what had come by then is still there
    while (auto const r = co_await sweep.next())
      add(from, *r);
    if (--running_ == 0)
      timer_.cancel();
  }

  // Shows progress, and writes what has come, also while nothing comes.
  asio::awaitable<void> keep_moving() {
    co_await asio::this_coro::throw_if_cancelled(false);
    boost::system::error_code over;
    while (running_ != 0 && !over) {
      std::vector<sweep_progress> all;
      for (auto const& sweep : sweeps_)
        all.push_back(sweep.progress());
      co_await flush();
      bar_.show(sum_of(all), std::chrono::steady_clock::now());
      timer_.expires_after(std::chrono::milliseconds(100));
      std::tie(over) = co_await timer_.async_wait(asio::as_tuple(asio::use_awaitable));
    }
  }

  asio::awaitable<void> flush() {
    if (session_.to.rewritable && !out_.is_empty()) // the same terminal
      bar_.hide();
    co_await out_.flush();
    if (out_.failure() != 0)
      for (auto& sweep : sweeps_)
        sweep.stop();
  }

  [[nodiscard]] bool has_several() const noexcept { return sweeps_.size() > 1; }

  void begin() {
    if (session_.format == output_format::table)
      out_.add(line_heading(session_.to));
    if (session_.format == output_format::csv)
      out_.add(csv_heading(has_several()));
  }

  void add(server const& from, swept const& s) {
    std::string const name = has_several() ? from.name : std::string();
    if (page_)
      page_->add(report_row(tally_.count(), name, s, now_at(from)));
    switch (session_.format) {
    case output_format::table:
      out_.add(row_line(name, s, now_at(from), session_.to));
      add_hint(from, s);
      break;
    case output_format::json:
      out_.add((tally_.count() == 0 ? "[" : ",\n") + row_json(name, s));
      break;
    case output_format::ndjson:
      out_.add(row_json(name, s) + "\n");
      break;
    case output_format::csv:
      out_.add(row_csv(name, has_several(), s));
      break;
    }
    tally_.add(name, s);
  }

  // Once for each server and kind of error: thousands may fail alike.
  void add_hint(server const& from, swept const& s) {
    if (s.info)
      return;
    auto const hint = hint_for(s.info.error(), from.options);
    if (!hint.empty() && hinted_.emplace(from.name, s.info.error().kind()).second)
      out_.add(hint_line(hint, session_.to));
  }

  asio::awaitable<int> end() {
    co_await asio::this_coro::throw_if_cancelled(false);
    if (session_.format == output_format::json)
      out_.add(tally_.count() == 0 ? "[]\n" : "]\n");
    bar_.hide();
    if (!co_await is_interrupted())
      co_await out_.flush();
    bool const interrupted = co_await is_interrupted();
    if (interrupted) // who does not want to wait for the calls does not want to for the reader
      out_.finish(std::chrono::seconds(1));
    co_return sum_up(interrupted);
  }

  static asio::awaitable<bool> is_interrupted() {
    co_return (co_await asio::this_coro::cancellation_state).cancelled() != asio::cancellation_type::none;
  }

  int sum_up(bool interrupted) {
    if (out_.failure() == EPIPE) // who has gone away has seen enough
      return exit_failure;
    auto const took = std::chrono::floor<std::chrono::microseconds>(std::chrono::steady_clock::now() - start_);
    std::fputs(tally_.text(took, interrupted, session_.errors_to).c_str(), stderr);
    if (page_)
      finish_page(interrupted);
    if (out_.failure() != 0) {
      std::fprintf(stderr, "hvc-sync: cannot write to standard output: %s\n", std::strerror(out_.failure()));
      return exit_failure;
    }
    return interrupted ? exit_interrupted : tally_.exit_code();
  }

  // Before anything is asked: a path that cannot be is wrong usage.
  void begin_page(std::string const& path) {
    try {
      page_.emplace(path).add(report_head());
    } catch (std::runtime_error const& e) {
      throw usage_error("--html: " + std::string(e.what()));
    }
  }

  void finish_page(bool interrupted) {
    std::string of;
    for (server const& each : session_.servers)
      of.append(of.empty() ? "" : ", ").append(each.name.empty() ? each.options.server() : each.name);
    page_->add(report_tail(of, now_at(session_.servers.front()), interrupted));
    page_->finish();
  }

  std::chrono::steady_clock::time_point const start_ = std::chrono::steady_clock::now();
  session const& session_;
  std::vector<hvc::sweep> sweeps_; // one for each server
  std::size_t running_ = session_.servers.size();
  paced_output out_{STDOUT_FILENO};
  progress_bar bar_;
  std::optional<replaced_file> page_; // of --html
  std::set<std::pair<std::string, error_kind>> hinted_;
  tally tally_;
  asio::steady_timer timer_;
};

} // namespace

asio::awaitable<int> run_sweep(session const& s) {
  all_sweeps all(s, read_sweep_flags(s.line));
  co_return co_await all.run();
}

} // namespace hvc::tools
