// How a call enters the compiled core and how its result comes back: the caller's handler stays typed here, so that its
// executor, allocator and cancellation slot cost nothing, and crosses the border as a function of reply bytes.
// Not for users: names and meaning may change with every version.
#pragma once

#include <hvc/model.hpp>
#include <hvc/options.hpp>
#include <hvc/result.hpp>

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_allocator.hpp>
#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/recycling_allocator.hpp>

#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace hvc::detail {

struct core;      // src/core.hpp: the shared state behind a client
struct outcome;   // src/outcome.hpp: a reply's bytes, or an error; knows no result type
struct operation; // src/operations/operation.hpp: method and path

// One object for each operation of the API, in src/operations/.
extern operation const get_provider_sync;
extern operation const list_links;
extern operation const list_providers;
extern operation const get_link;
extern operation const start_provider_sync;
extern operation const reset_link_sync;
extern operation const log_in;

template <class Token, class T>
concept token_for =
    !std::is_convertible_v<Token, call_options const&> && boost::asio::completion_token_for<Token, void(result<T>)>;

using reply_handler = boost::asio::any_completion_handler<void(outcome&)>;
using close_handler = boost::asio::any_completion_handler<void()>;

// Where calls enter: a client's core, which stays where it is when the client is moved; or none, and only an executor
// to say so on, of a client that was moved from.
class entrance {
public:
  entrance(core* c, boost::asio::any_io_executor const& of_client) noexcept;
  [[nodiscard]] core* get_core() const noexcept { return core_; }
  [[nodiscard]] boost::asio::any_io_executor const& get_executor() const noexcept { return *executor_; }

private:
  core* core_;
  boost::asio::any_io_executor const* executor_;
};

// Never completes inline. The handler runs once, on any thread, with no lock held.
void start(entrance const&, operation const&, std::string_view link, std::string_view provider, call_options const&,
           boost::asio::cancellation_slot, reply_handler);
void start_close(entrance const&, close_handler);

// What the reply says. Each is defined with its operation, and declared here, before anybody uses it.
template <class T> result<T> decode(outcome&) noexcept;
template <> result<void> decode(outcome&) noexcept;
template <> result<sync_info> decode(outcome&) noexcept;
template <> result<link_health> decode(outcome&) noexcept;
template <> result<std::vector<link_summary>> decode(outcome&) noexcept;
template <> result<std::vector<provider_summary>> decode(outcome&) noexcept;

// The executor, whose context has work to do for as long as this copy lives. Not an executor_work_guard: Boost 1.81
// takes a strand<any_io_executor> for an executor of the old sort there, and does not compile.
template <class Executor> auto keep_busy(Executor const& e) {
  return boost::asio::prefer(e, boost::asio::execution::outstanding_work.tracked);
}

// A handler's executor, kept busy while its operation is under way.
template <class Handler> class busy_executor {
public:
  busy_executor(Handler const& handler, boost::asio::any_io_executor const& fallback)
      : executor_(keep_busy(boost::asio::get_associated_executor(handler, fallback))),
        at_home_(same(boost::asio::get_associated_executor(handler, fallback), fallback)) {}
  // For one use: calls f there. Whoever completes an operation does so on the fallback: where that is the handler's
  // executor, too, nothing has to be dispatched, and no memory is needed to complete.
  template <class F> void run(F f) {
    if (at_home_)
      std::move(f)();
    else
      boost::asio::dispatch(executor_, std::move(f));
  }

private:
  static bool same(boost::asio::any_io_executor const& e, boost::asio::any_io_executor const& other) noexcept {
    return e == other;
  }
  template <class Executor> static bool same(Executor const& e, boost::asio::any_io_executor const& other) noexcept {
    auto const* const there = other.target<Executor>();
    return there != nullptr && *there == e;
  }
  using associated = boost::asio::associated_executor_t<Handler, boost::asio::any_io_executor>;
  std::decay_t<decltype(keep_busy(std::declval<associated const&>()))> executor_;
  bool at_home_;
};

// The end of an operation: the handler's slot forgets it, and the handler has its values.
template <class Handler, class... Values> void conclude(Handler handler, Values&&... values) {
  if (auto slot = boost::asio::get_associated_cancellation_slot(handler); slot.is_connected())
    slot.clear();
  std::move(handler)(std::forward<Values>(values)...);
}

// A caller's handler on its way back: does its decoding at once, where the reply is, and goes to the handler's
// executor.
template <class T, class Handler> class bound_completion {
public:
  using allocator_type = boost::asio::associated_allocator_t<Handler, boost::asio::recycling_allocator<void>>;

  bound_completion(Handler handler, boost::asio::any_io_executor const& fallback)
      : executor_(handler, fallback), handler_(std::move(handler)) {}

  allocator_type get_allocator() const noexcept {
    return boost::asio::get_associated_allocator(handler_, boost::asio::recycling_allocator<void>());
  }

  void operator()(outcome& o) {
    auto executor = std::move(executor_);
    executor.run(
        [self = std::move(*this), r = decode<T>(o)]() mutable { conclude(std::move(self.handler_), std::move(r)); });
  }

private:
  busy_executor<Handler> executor_;
  Handler handler_;
};

// An initiation has a constructor: g++ 12 destroys aggregate temporaries in co_await expressions twice.
template <class T> class initiate {
public:
  using executor_type = boost::asio::any_io_executor; // cancel_after takes its timer's executor from here
  initiate(entrance const& e, operation const& op) noexcept : entrance_(e), operation_(&op) {}
  [[nodiscard]] executor_type get_executor() const noexcept { return entrance_.get_executor(); }

  template <class Handler> void operator()(Handler&& handler, std::string_view link, std::string_view provider,
                                           call_options const& options) const {
    auto slot = boost::asio::get_associated_cancellation_slot(handler);
    start(entrance_, *operation_, link, provider, options, slot,
          reply_handler(
              bound_completion<T, std::decay_t<Handler>>(std::forward<Handler>(handler), entrance_.get_executor())));
  }

private:
  entrance entrance_;
  operation const* operation_;
};

// A caller's handler of finished values, which it takes out of where they are, on its way back to its executor.
template <class Handler> class bound_handler {
public:
  using allocator_type = boost::asio::associated_allocator_t<Handler, boost::asio::recycling_allocator<void>>;

  bound_handler(Handler handler, boost::asio::any_io_executor const& fallback)
      : executor_(handler, fallback), handler_(std::move(handler)) {}

  allocator_type get_allocator() const noexcept {
    return boost::asio::get_associated_allocator(handler_, boost::asio::recycling_allocator<void>());
  }

  template <class... Values> void operator()(Values&... values) {
    auto executor = std::move(executor_);
    executor.run([self = std::move(*this), ... values = std::move(values)]() mutable {
      conclude(std::move(self.handler_), std::move(values)...);
    });
  }

private:
  busy_executor<Handler> executor_;
  Handler handler_;
};

class initiate_close {
public:
  using executor_type = boost::asio::any_io_executor;
  explicit initiate_close(entrance const& e) noexcept : entrance_(e) {}
  [[nodiscard]] executor_type get_executor() const noexcept { return entrance_.get_executor(); }

  template <class Handler> void operator()(Handler&& handler) const {
    start_close(entrance_, close_handler(bound_handler<std::decay_t<Handler>>(std::forward<Handler>(handler),
                                                                              entrance_.get_executor())));
  }

private:
  entrance entrance_;
};

template <class T, class Token> auto initiate_call(entrance const& e, operation const& op, Token&& token,
                                                   std::string_view link, std::string_view provider,
                                                   call_options const& options) {
  return boost::asio::async_initiate<Token, void(result<T>)>(initiate<T>(e, op), token, link, provider, options);
}

} // namespace hvc::detail
