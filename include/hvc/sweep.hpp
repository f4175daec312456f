// hvc::sweep: asks about many providers, a bounded number at a time, and gives the results as they come.
#pragma once

#include <hvc/client.hpp>
#include <hvc/detail/sweeping.hpp>
#include <hvc/sweep_values.hpp>

#include <boost/asio/compose.hpp>

#include <concepts>
#include <memory>
#include <optional>
#include <ranges>
#include <utility>

namespace hvc {

/// An asynchronous range of results.
///
///     hvc::sweep s(vc, questions);
///     while (auto r = co_await s.next())
///       if (r->info)
///         std::cout << r->question.provider << ": " << r->info->status.name() << '\n';
///
/// Every question gets exactly one result; a failed one does not end the others. Nothing is asked before the first
/// next(), and nothing more than options.concurrency() beyond what was taken: who takes slowly is asked for slowly.
///
/// Thread-safety: next() and each() are one consumer's, one at a time; stop() and progress() may be called from any
/// thread, but not while the sweep is moved or destroyed. Handlers run on their associated executor, by default the
/// client's, never inside the initiating call.
///
/// Lifetime: an lvalue range must outlive the sweep, an rvalue is moved into it. The client may be closed or destroyed
/// first: what is left ends with kind closed. Destroying the sweep stops it. One that was moved from may only be
/// destroyed or assigned to.
class sweep {
public:
  /// Over the questions of an input range. The range is read in next() only, as far as there is room; an exception of
  /// it leaves that call, and nothing more is read then. Throws std::invalid_argument, whose text begins with the
  /// option's name, where an option is impossible.
  template <std::ranges::input_range Range>
  requires std::ranges::viewable_range<Range> && std::convertible_to<std::ranges::range_reference_t<Range>, question>
  sweep(client& c, Range&& questions, sweep_options options = sweep_options())
      : source_(detail::make_source(std::views::all(std::forward<Range>(questions)))),
        run_(detail::make_sweep(c, std::move(options), source_->size())) {}
  /// Over everything the server lists: its links, and the providers of each. Lists are asked for as they are needed, at
  /// most 16 at a time. `hvc::sweep s(vc, hvc::everything)`
  sweep(client& c, everything_listed, sweep_options options = sweep_options())
      : run_(detail::make_sweep_of_everything(c, std::move(options))) {}
  ~sweep() { detail::abandon(run_.get()); }
  sweep(sweep&&) noexcept = default;
  sweep& operator=(sweep&& other) noexcept {
    detail::abandon(run_.get());
    source_ = std::move(other.source_);
    run_ = std::move(other.run_);
    return *this;
  }

  /// The next result, or none when there will be no more; signature `void(std::optional<swept>)`. Throws
  /// std::logic_error if another next() is still waiting, std::bad_alloc where there is no memory to wait.
  /// Cancellation, of any kind, ends the waiting with none and loses nothing: the sweep goes on, and so may next().
  template <boost::asio::completion_token_for<void(std::optional<swept>)> Token = boost::asio::deferred_t>
  auto next(Token&& token = {}) {
    return next_of(run_.get(), source_.get(), std::forward<Token>(token));
  }

  /// The callback form: `f(hvc::swept)` for each result, one after the other on the executor of the token's handler,
  /// then that handler, `void()`. f may stop or destroy the sweep. An exception of f leaves io_context::run(), as a
  /// handler's does, and the handler is not called then. Terminal cancellation ends it early, with the same handler;
  /// the sweep goes on, as with next(). With g++ 12 a lambda whose captures have destructors needs a name before it may
  /// stand in a co_await expression.
  template <class F, boost::asio::completion_token_for<void()> Token = boost::asio::deferred_t>
  auto each(F f, Token&& token = {}) {
    return boost::asio::async_compose<Token, void()>(each_result<F>(*this, std::move(f)), token,
                                                     detail::executor_of(*run_));
  }

  /// Ends early: nothing more is asked, calls under way are cancelled and forgotten. next() still gives what had come
  /// by then, and then none. Where it throws (std::bad_alloc), nothing has happened.
  void stop() { detail::stop(*run_); }

  /// Cheap, but not free: takes the lock that every result takes.
  [[nodiscard]] sweep_progress progress() const { return detail::progress_of(*run_); }

private:
  template <class F> class each_result {
  public:
    each_result(sweep const& s, F f) : source_(s.source_), run_(s.run_), function_(std::move(f)) {}
    template <class Self> void operator()(Self& self) { ask(std::move(self)); }
    template <class Self> void operator()(Self& self, std::optional<swept>&& r) {
      if (!r)
        return self.complete();
      function_(*std::move(r));
      if (self.cancelled() != boost::asio::cancellation_type::none) // by f, say: no next() was waiting to hear it
        return self.complete();
      ask(std::move(self));
    }

  private:
    template <class Self> void ask(Self&& self) {
      auto const run = run_; // stays until this is over, wherever self is by then
      next_of(run.get(), source_.get(), std::move(self));
    }

    std::shared_ptr<detail::question_source> source_; // the sweep may be gone
    std::shared_ptr<detail::sweep_run> run_;
    F function_;
  };

  template <class Token> static auto next_of(detail::sweep_run* run, detail::question_source* from, Token&& token) {
    return boost::asio::async_initiate<Token, void(std::optional<swept>)>(
        detail::initiate_next<swept>(detail::executor_of(*run)), token, run, from);
  }

  std::shared_ptr<detail::question_source> source_; // null: everything
  std::shared_ptr<detail::sweep_run> run_;
};

} // namespace hvc
