// hvc::client: asks one vCenter how its hybrid-link providers stand. The templates keep the caller's handler typed, and
// hand everything else to compiled functions (<hvc/detail/initiate.hpp>).
#pragma once

#include <hvc/detail/initiate.hpp>
#include <hvc/model.hpp>
#include <hvc/options.hpp>
#include <hvc/result.hpp>
#include <hvc/stats.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/deferred.hpp>

#include <memory>
#include <optional>
#include <string_view>
#include <vector>

namespace hvc {

class client;
namespace detail {
[[nodiscard]] std::shared_ptr<core> const& core_of(client const& c) noexcept;
}

/// A client of one server. Every asynchronous member takes a completion token last, by default one that `co_await`
/// takes in any Asio coroutine; its completion signature is `void(result<T>)`.
///
/// Thread-safety: every member but the destructor, and moving, may be called from any thread at once; the executor's
/// context may be run by any number of threads. Handlers run on their associated executor, by default the client's,
/// never inside the initiating call.
///
/// Errors: what goes wrong is in the result. Where there is no memory to begin an operation, or to change credentials
/// or trust, std::bad_alloc leaves the initiating call, and nothing has happened.
///
/// Lifetime: string_views need to live until the operation is initiated: to the end of the `co_await` expression, but
/// an operation stored with `deferred` keeps views, not copies. Destroying the client completes what is left with kind
/// closed; it neither waits nor blocks. The io_context must outlive the client. A connection has a read armed while it
/// is open, so io_context::run() does not return before it is closed: by async_close or destruction, or because it was
/// idle for pool_options::idle_timeout. A service that is to outlive a quiet minute needs a work guard.
///
/// Cancellation: per operation, by cancellation slot; terminal, partial and total all end the call with kind canceled,
/// and its connection is not reused if the exchange had begun. Emit the signal on the handler's associated executor
/// only, which has to be a strand where several threads run it (examples/cancel.cpp); a coroutine that was cancelled is
/// left by its next co_await with an exception, as with any operation of Asio, unless it says
/// `co_await this_coro::throw_if_cancelled(false)`.
class client {
public:
  /// Throws std::invalid_argument, whose text begins with the option's name, where an option is impossible or a
  /// certificate file cannot be used. Does no I/O but reading those files.
  client(boost::asio::any_io_executor executor, client_options options);
  ~client();
  /// A client moved from has no server any more: its calls end with invalid_argument(client), its async_close
  /// completes.
  client(client&&) noexcept;
  client& operator=(client&&) noexcept;
  client(client const&) = delete;
  client& operator=(client const&) = delete;

  /// The one it was made with, also once it was moved from.
  [[nodiscard]] boost::asio::any_io_executor const& get_executor() const noexcept { return executor_; }

  /// How the synchronisation of one provider stands: `GET /api/hvc/links/{link}/sync/providers/{provider}`. Ids are
  /// opaque bytes, percent-encoded as one path segment each; empty ones, `.` and `..` are refused with
  /// invalid_argument, longer ones than 2,048 encoded bytes with limit(path), before any I/O.
  template <detail::token_for<sync_info> Token = boost::asio::deferred_t>
  auto get_provider_sync(std::string_view link, std::string_view provider, Token&& token = {}) {
    return get_provider_sync(link, provider, call_options(), std::forward<Token>(token));
  }
  template <detail::token_for<sync_info> Token = boost::asio::deferred_t> auto
  get_provider_sync(std::string_view link, std::string_view provider, call_options const& options, Token&& token = {}) {
    return detail::initiate_call<sync_info>(entrance(), detail::get_provider_sync, std::forward<Token>(token), link,
                                            provider, options);
  }

  /// All hybrid links of the server: `GET /api/hvc/links`.
  template <detail::token_for<std::vector<link_summary>> Token = boost::asio::deferred_t>
  auto list_links(Token&& token = {}) {
    return list_links(call_options(), std::forward<Token>(token));
  }
  template <detail::token_for<std::vector<link_summary>> Token = boost::asio::deferred_t>
  auto list_links(call_options const& options, Token&& token = {}) {
    return detail::initiate_call<std::vector<link_summary>>(entrance(), detail::list_links, std::forward<Token>(token),
                                                            std::string_view(), std::string_view(), options);
  }

  /// The sync providers of a link: `GET /api/hvc/links/{link}/sync/providers`. Ids as for get_provider_sync.
  template <detail::token_for<std::vector<provider_summary>> Token = boost::asio::deferred_t>
  auto list_providers(std::string_view link, Token&& token = {}) {
    return list_providers(link, call_options(), std::forward<Token>(token));
  }
  template <detail::token_for<std::vector<provider_summary>> Token = boost::asio::deferred_t>
  auto list_providers(std::string_view link, call_options const& options, Token&& token = {}) {
    return detail::initiate_call<std::vector<provider_summary>>(
        entrance(), detail::list_providers, std::forward<Token>(token), link, std::string_view(), options);
  }

  /// The health of a hybrid link: `GET /api/hvc/links/{link}`, of vCenter 8.0.1 and later. Ids as for
  /// get_provider_sync.
  template <detail::token_for<link_health> Token = boost::asio::deferred_t>
  auto get_link(std::string_view link, Token&& token = {}) {
    return get_link(link, call_options(), std::forward<Token>(token));
  }
  template <detail::token_for<link_health> Token = boost::asio::deferred_t>
  auto get_link(std::string_view link, call_options const& options, Token&& token = {}) {
    return detail::initiate_call<link_health>(entrance(), detail::get_link, std::forward<Token>(token), link,
                                              std::string_view(), options);
  }

  /// Starts the synchronisation of one provider: `POST .../providers/{provider}?action=start`. Never sent again once a
  /// byte of it may have reached the server, but for the one repeat after a 401; error::may_have_taken_effect() says
  /// where that leaves doubt. Total cancellation is not honoured from then on; terminal and partial are.
  template <detail::token_for<void> Token = boost::asio::deferred_t>
  auto start_provider_sync(std::string_view link, std::string_view provider, Token&& token = {}) {
    return start_provider_sync(link, provider, call_options(), std::forward<Token>(token));
  }
  template <detail::token_for<void> Token = boost::asio::deferred_t>
  auto start_provider_sync(std::string_view link, std::string_view provider, call_options const& options,
                           Token&& token = {}) {
    return detail::initiate_call<void>(entrance(), detail::start_provider_sync, std::forward<Token>(token), link,
                                       provider, options);
  }

  /// Resets the synchronisation of a link: `POST /api/hvc/links/{link}/sync?action=reset`. As start_provider_sync.
  template <detail::token_for<void> Token = boost::asio::deferred_t>
  auto reset_link_sync(std::string_view link, Token&& token = {}) {
    return reset_link_sync(link, call_options(), std::forward<Token>(token));
  }
  template <detail::token_for<void> Token = boost::asio::deferred_t>
  auto reset_link_sync(std::string_view link, call_options const& options, Token&& token = {}) {
    return detail::initiate_call<void>(entrance(), detail::reset_link_sync, std::forward<Token>(token), link,
                                       std::string_view(), options);
  }

  /// Makes sure that there is a session, and asks the server for nothing else: logs in, or asks the session_source,
  /// unless that was done already. Where the credentials need no login there is nothing to do, and no I/O.
  template <detail::token_for<void> Token = boost::asio::deferred_t> auto log_in(Token&& token = {}) {
    return log_in(call_options(), std::forward<Token>(token));
  }
  template <detail::token_for<void> Token = boost::asio::deferred_t>
  auto log_in(call_options const& options, Token&& token = {}) {
    return detail::initiate_call<void>(entrance(), detail::log_in, std::forward<Token>(token), std::string_view(),
                                       std::string_view(), options);
  }
  /// The session this client logged in, if it has one now. From then on it is the caller's, to be handed to other
  /// clients as a session_token, say: this client goes on using it, and does not log it out when it closes. None for
  /// credentials that need no login, for a client that is closed or was moved from, and while a login is under way.
  [[nodiscard]] std::optional<session_token> release_session();

  /// \name Rotation
  /// The client goes on with other credentials or another trust, without a restart. Calls in flight finish as they
  /// began; what is not sent yet, and every later login and connection, uses the new values. Fails, and changes
  /// nothing, with kind invalid_argument whose reason names the option (and whose message the file), or with kind
  /// closed.
  /// @{
  /// The next call logs in anew, also where a refused login would still forbid it. A login under way is dropped; the
  /// session of before is logged out when the last call that was sent with it has ended.
  [[nodiscard]] result<void> update_credentials(hvc::credentials c);
  /// Reads the files now, on the calling thread, which waits for them. Idle connections, and those being opened, close
  /// at once; busy ones after their reply.
  [[nodiscard]] result<void> update_tls(tls_options const& o);
  /// @}

  /// Closes: new calls and those under way end with kind closed, a session the client logged in is logged out (best
  /// effort, at most timeouts().logout, a login under way included), connections close, then the handler runs;
  /// signature `void()`. Repeated calls complete too. Cancellation is not supported: it is bounded already. A host name
  /// being looked up keeps io_context::run() until the system has answered: getaddrinfo cannot be cancelled.
  template <boost::asio::completion_token_for<void()> Token = boost::asio::deferred_t>
  auto async_close(Token&& token = {}) {
    return boost::asio::async_initiate<Token, void()>(detail::initiate_close(entrance()), token);
  }

  /// A consistent snapshot; all zero for a client that was moved from. Cheap, but not free: takes the lock that every
  /// call takes.
  [[nodiscard]] client_stats stats() const;

private:
  friend std::shared_ptr<detail::core> const& detail::core_of(client const& c) noexcept; // for what is built on it
  [[nodiscard]] detail::entrance entrance() const noexcept { return {core_.get(), executor_}; }

  boost::asio::any_io_executor executor_;
  std::shared_ptr<detail::core> core_; // null: moved from
};

} // namespace hvc
