#include "session/session.hpp"

#include <utility>

namespace hvc::session {

answer session::need(time_point now) noexcept {
  if (scheme_ == scheme::fixed || state_ == state::live)
    return answer::ready;
  if (state_ == state::logging_in)
    return answer::wait;
  if (now < refused_until_)
    return answer::refuse;
  state_ = state::logging_in;
  return answer::login;
}

void session::logged_in() noexcept {
  state_ = state::live;
  ++generation_;
  held_ = held_since_ = false;
  owned_ = scheme_ == scheme::login;
}

bool session::release() noexcept {
  bool const had = owned();
  owned_ = false;
  return had;
}

void session::login_failed(time_point now, error why) {
  state_ = state::none;
  if (why.kind() != error_kind::auth || why.reason() != "login_refused")
    return;
  refused_until_ = now + cool_down_;
  refusal_ = std::move(why);
}

void session::login_abandoned() noexcept { state_ = state::none; }

void session::rejected(time_point now, std::uint64_t generation) noexcept {
  if (state_ != state::live || generation != generation_)
    return; // there is a newer session already, or will be
  if (now < doubted_until_) {
    if (!one_more_ || !held_ || held_since_)
      return;
    one_more_ = false;
  }
  state_ = state::none;
}

void session::held(std::uint64_t generation) noexcept {
  if (generation == generation_)
    held_ = held_since_ = true;
}

void session::refresh_failed(time_point now, std::uint64_t generation) noexcept {
  if (generation != generation_)
    return; // there is a newer session already, and it may be better
  if (now >= doubted_until_) {
    doubted_until_ = now + cool_down_;
    one_more_ = true;
  }
  held_since_ = false;
}

void session::change(scheme s) noexcept {
  scheme_ = s;
  state_ = state::none;
  ++generation_; // news of calls sent with the session of before is no news of the next one
  held_ = held_since_ = owned_ = false;
  refused_until_ = doubted_until_ = time_point::min();
  refusal_ = {};
}

} // namespace hvc::session
