// hvc::wait_for_sync: from now to the end of a provider's synchronisation.
#pragma once

#include <hvc/client.hpp>
#include <hvc/detail/watching.hpp>

#include <boost/asio/compose.hpp>

#include <string_view>
#include <utility>

namespace hvc {

/// Waits until the provider's session is COMPLETED or FAILED, and gives that Info; signature `void(result<sync_info>)`:
/// both are values, `r->current_session_info->stage` tells them apart. A session that is over already ends the wait at
/// once (but see wait_options::newer_than()); where there is none yet, one is waited for.
///
/// Failures that may pass (a server that restarts, a lost connection, a session of the client's that expired) are
/// waited out; others end the wait with their error. So does the deadline, with kind deadline, and cancellation of any
/// kind, with kind canceled. Both tell what was heard last. Where that was a failure, stage(), attempts(),
/// http_status() and standard() are of it; else stage() and attempts() are of the poll under way or, with stage
/// back_off, of the last.
///
/// Throws, at the call itself, std::invalid_argument, whose text begins with the option's name, where an option is
/// impossible, and std::bad_alloc; link and provider are copied there, too. The client may be closed or destroyed
/// meanwhile: the wait ends with kind closed.
///
/// Thread-safety: as the client's operations. The handler and the functions of the options run on the handler's
/// associated executor, by default the client's, never inside the initiating call.
template <detail::token_for<sync_info> Token = boost::asio::deferred_t> auto
wait_for_sync(client& c, std::string_view link, std::string_view provider, wait_options options, Token&& token = {}) {
  return boost::asio::async_compose<Token, void(result<sync_info>)>(
      detail::wait_step(detail::make_wait(c, link, provider, std::move(options))), token, c.get_executor());
}
template <detail::token_for<sync_info> Token = boost::asio::deferred_t>
requires(!std::is_convertible_v<Token, wait_options>) auto wait_for_sync(client& c, std::string_view link,
                                                                         std::string_view provider,
                                                                         Token&& token = {}) {
  return wait_for_sync(c, link, provider, wait_options(), std::forward<Token>(token));
}

} // namespace hvc
