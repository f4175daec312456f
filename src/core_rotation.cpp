// Other credentials, another trust, while calls are under way: what the dispatcher makes of it is in
// dispatch/rotation.cpp.
#include "core.hpp"

#include "error_builder.hpp"
#include "options_check.hpp"

#include <stdexcept>
#include <utility>

namespace hvc::detail {
namespace {

error refused_credentials(std::string_view why) {
  return error_builder(error(error_kind::invalid_argument, "credentials")).detail({.text = std::string(why)}).build();
}

} // namespace

result<void> core::update_credentials(credentials c) {
  try {
    check(c);
  } catch (std::invalid_argument const& impossible) {
    return refused_credentials(impossible.what());
  }
  chores todo{.posted = true};
  identity next(std::move(c));
  {
    std::lock_guard lock(mutex_);
    if (dropped_ || dispatcher_.closing())
      return error(error_kind::closed);
    std::erase_if(retired_sessions_, [this](retired_session const& s) { return !dispatcher_.exists(s.logout); });
    retired_session left{.logout = {}, .line = session::secret(std::string(identity_.session_line()))};
    for (auto const text : identity_.secrets())
      former_.add(text);
    prepare();
    retired_sessions_.reserve(retired_sessions_.size() + 1);
    // What this throws it throws before it has changed anything, and nothing behind it does.
    left.logout = dispatcher_.change_authentication(platform_->now(), next.authentication(), decided_);
    if (left.logout)
      retired_sessions_.push_back(std::move(left));
    identity_ = std::move(next);
    collect(todo);
  }
  carry_out(todo);
  return {};
}

result<void> core::update_tls(tls_options const& o) {
  auto made = tls::context::make(o, url_.host); // reads files
  if (!made)
    return made.error();
  chores todo{.posted = true};
  {
    std::lock_guard lock(mutex_);
    if (dropped_ || dispatcher_.closing())
      return error(error_kind::closed);
    dispatcher_.renew_connections(platform_->now(), decided_);
    tls_.swap(*made);
    collect(todo);
  }
  carry_out(todo);
  return {};
}

} // namespace hvc::detail
