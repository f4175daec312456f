// The user's source of the Authorization header or of the session: asked, and what it answers.
#include "core.hpp"

#include "error_builder.hpp"
#include "http/field.hpp"
#include "session/authorization.hpp"

#include <boost/asio/post.hpp>

#include <new>
#include <utility>

namespace hvc::detail {
namespace {

// What a user's source has failed with.
error failure_of(std::exception_ptr const& thrown) {
  try {
    if (thrown)
      std::rethrow_exception(thrown);
  } catch (exception const& e) {
    return e.error();
  } catch (...) {
  }
  return error_builder(error(error_kind::auth, "no_session"))
      .detail({.text = thrown ? "the source of the authorization failed"
                              : "the source of the authorization gave none that can be sent"})
      .build();
}

} // namespace

// Never inside the initiating call.
void core::ask_source_later(call_id id, chores& todo) {
  try {
    boost::asio::post(executor_, [self = shared_from_this(), id] { self->ask_source(id); });
  } catch (std::bad_alloc const&) {
    error const why(error_kind::resource, "memory");
    std::lock_guard lock(mutex_);
    dispatcher_.authorized(platform_->now(), id, &why, decided_);
    collect(todo);
  }
}

// Asked with no lock held; may answer at once or never.
void core::ask_source(call_id id) {
  asked_credentials asked;
  std::string rejected;
  {
    std::lock_guard lock(mutex_);
    if (dropped_ || !dispatcher_.authorizing(id))
      return; // the call is over
    asked = identity_.credentials();
    if (std::holds_alternative<session_source>(*asked))
      rejected = identity_.token();
  }
  auto answer = [weak = weak_from_this(), id, asked](std::exception_ptr failed, std::string value) {
    if (auto const self = weak.lock())
      self->source_answered(id, asked, std::move(failed), std::move(value));
    else
      session::cleanse(value);
  };
  try {
    if (auto const* by_session = std::get_if<session_source>(asked.get()))
      by_session->ask()(std::move(rejected), std::move(answer));
    else
      std::get<authorization_source>(*asked).ask()(std::move(answer));
  } catch (...) {
    source_answered(id, asked, std::current_exception(), {});
  }
}

void core::source_answered(call_id id, asked_credentials const& asked, std::exception_ptr failed, std::string value) {
  chores todo{.posted = true};
  bool const is_session = std::holds_alternative<session_source>(*asked);
  bool const usable =
      !failed && (is_session ? session::is_token(value) : !value.empty() && http::is_field_value(value));
  error const none = usable ? error() : failure_of(failed);
  {
    std::lock_guard lock(mutex_);
    if (dropped_ || !dispatcher_.authorizing(id) || asked != identity_.credentials()) {
      session::cleanse(value);
      return; // the call is over, and its record may be another's; or there are other credentials by now
    }
    if (usable && is_session)
      assign_token(value);
    else if (usable)
      record(id).authorization.assign("Authorization: " + value);
    dispatcher_.authorized(platform_->now(), id, usable ? nullptr : &none, decided_);
    collect(todo);
  }
  session::cleanse(value);
  carry_out(todo);
}

} // namespace hvc::detail
