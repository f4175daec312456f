// hvc::watch: how one provider stands, told whenever it has changed.
#pragma once

#include <hvc/client.hpp>
#include <hvc/detail/watching.hpp>

#include <memory>
#include <optional>
#include <string_view>
#include <utility>

namespace hvc {

/// An asynchronous range of changes, without an end of its own.
///
///     hvc::watch w(vc, link, provider);
///     while (auto now = co_await w.next())
///       std::cout << (*now ? (*now)->status.name() : now->error().message()) << '\n';
///
/// The first answer is a change, and after that each that differs from the one before. So is a failure, the first of
/// those that follow one another with the same name; the watch goes on. After failures it polls half as often each
/// time, up to once a minute where it polled oftener than that. It polls only while next() waits.
///
/// Thread-safety: next() is one consumer's; stop() may be called from any thread, but not while the watch is moved or
/// destroyed. Handlers run on their associated executor, by default the client's, never inside the initiating call.
///
/// Lifetime: the client may be closed or destroyed first; that is a change, to the error closed. Destroying the watch
/// stops it. One that was moved from may only be destroyed or assigned to.
class watch {
public:
  /// Throws std::invalid_argument, whose text begins with the option's name, where an option is impossible.
  watch(client& c, std::string_view link, std::string_view provider, watch_options options = watch_options())
      : run_(detail::make_watch(c, link, provider, std::move(options))) {}
  ~watch() { detail::abandon(run_.get()); }
  watch(watch&&) noexcept = default;
  watch& operator=(watch&& other) noexcept {
    detail::abandon(run_.get());
    run_ = std::move(other.run_);
    return *this;
  }

  /// The next change, or none after stop(); signature `void(std::optional<result<sync_info>>)`. Throws std::logic_error
  /// if another next() is still waiting, std::bad_alloc where there is no memory to wait. Cancellation, of any kind,
  /// ends the waiting with none and loses nothing: the watch goes on, and so may next().
  template <boost::asio::completion_token_for<void(std::optional<result<sync_info>>)> Token = boost::asio::deferred_t>
  auto next(Token&& token = {}) {
    return boost::asio::async_initiate<Token, void(std::optional<result<sync_info>>)>(
        detail::initiate_next<result<sync_info>>(detail::executor_of(*run_)), token, run_.get());
  }

  /// Ends: a poll under way is cancelled, and next() gives none. Where it throws (std::bad_alloc), nothing has
  /// happened.
  void stop() { detail::stop(*run_); }

private:
  std::shared_ptr<detail::watch_run> run_;
};

} // namespace hvc
