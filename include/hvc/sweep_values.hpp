// What a sweep is asked and what it answers: questions, results with their questions, options and progress. Plain
// values with constructors, because g++ 12 destroys an aggregate temporary in a co_await expression twice.
#pragma once

#include <hvc/model.hpp>
#include <hvc/options.hpp>
#include <hvc/result.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace hvc {

/// One provider of one link, to be asked about.
struct question {
  question(std::string link_, std::string provider_) : link(std::move(link_)), provider(std::move(provider_)) {}
  question() {} // not defaulted, see above

  std::string link;
  std::string provider;
  friend bool operator==(question const&, question const&) = default;
};

/// A result of a sweep, with its question. Where the server's own list was asked for and could not be had, the question
/// has no provider (the providers of that link), or neither provider nor link (the links), and `info` says why.
struct swept {
  swept(hvc::question q, result<sync_info> i, std::chrono::microseconds e)
      : question(std::move(q)), info(std::move(i)), elapsed(e) {}

  hvc::question question;
  result<sync_info> info;
  std::chrono::microseconds elapsed; ///< from asking to the answer, waiting for a connection included
};

/// How a sweep asks.
class sweep_options {
public:
  sweep_options() {} // not defaulted, see above

  /// The most questions that may be under way or answered and not yet taken; the memory a sweep takes grows with it and
  /// with nothing else. At least 1; more than the client's pool().max_waiters has calls end with pool_full.
  sweep_options& concurrency(unsigned n) {
    concurrency_ = n;
    return *this;
  }
  /// Results come in the order of the questions, not as they finish: one slow answer holds up the others.
  sweep_options& in_order(bool yes) {
    in_order_ = yes;
    return *this;
  }
  /// The most calls started in a second, on average; at once, at most what 50 ms bring. 0: no limit. The default is
  /// kind to a vCenter, which bears 1,500 requests a second from all its clients together. Retries are not counted.
  sweep_options& rate(double per_second) {
    rate_ = per_second;
    return *this;
  }
  /// Of every call. Its deadline begins when the call is started, not with the sweep.
  sweep_options& call(call_options o) {
    call_ = std::move(o);
    return *this;
  }

  [[nodiscard]] unsigned concurrency() const noexcept { return concurrency_; }
  [[nodiscard]] bool in_order() const noexcept { return in_order_; }
  [[nodiscard]] double rate() const noexcept { return rate_; }
  [[nodiscard]] call_options const& call() const noexcept { return call_; }

private:
  unsigned concurrency_ = 64;
  bool in_order_ = false;
  double rate_ = 200;
  call_options call_;
};

/// How far a sweep has come: a snapshot.
struct sweep_progress {
  std::uint64_t done = 0;             ///< questions that ended, also those whose result was not taken yet
  std::uint64_t failed = 0;           ///< of those, the ones without an Info
  unsigned in_flight = 0;             ///< calls under way, those that list included
  std::optional<std::uint64_t> total; ///< of questions, once that is known
  /// The total; of everything listed, before that is known, what it will be if the other links have as many providers
  /// each as those whose lists came. None before the first came.
  std::optional<std::uint64_t> expected;
  double rate = 0;                               ///< questions that end in a second, of late
  std::optional<std::chrono::seconds> time_left; ///< to what is expected, by the rate; none where either is unknown
};

/// Stands for all providers of all links the server lists, in place of a range of questions.
struct everything_listed {};
inline constexpr everything_listed everything{};

} // namespace hvc
