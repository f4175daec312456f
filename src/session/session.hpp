// Whether a call may be sent now: the login that many calls share, its generations, and the cool-down after a refusal.
// Pure: knows no token, no request and no clock; the caller makes the login it is told to make.
#pragma once

#include "time_point.hpp"

#include <hvc/error.hpp>

#include <chrono>
#include <cstdint>

namespace hvc::session {

enum class scheme : std::uint8_t {
  fixed, // nothing to log in with: no credentials, or a ready-made token
  login, // POST /api/session, with a password or a source asked for it
  given  // a session that somebody else makes: the login is to ask for it
};

enum class answer : std::uint8_t {
  ready, // go ahead, with the token of generation()
  login, // make a login now, and wait for it like the others
  wait,  // a login is under way
  refuse // a login was refused a short while ago: end with refusal()
};

class session {
public:
  session(scheme s, std::chrono::milliseconds cool_down) noexcept : scheme_(s), cool_down_(cool_down) {}

  [[nodiscard]] answer need(time_point now) noexcept;

  // What came of the login that need() asked for.
  void logged_in() noexcept;
  void login_failed(time_point now, error why); // starts the cool-down if the server refused the credentials
  void login_abandoned() noexcept;              // nobody waits for it any more

  // The server did not accept a token of this generation: the next need() asks for a login, unless the session is a
  // newer one already. So a 401 for an old token never causes a second login.
  void rejected(time_point now, std::uint64_t generation) noexcept;
  // A call succeeded with a token of this generation.
  void held(std::uint64_t generation) noexcept;
  // A token of this generation did not hold for a call whose last one did not either: for the cool-down the server's no
  // is taken for one to the call, and asks for no further login; other calls go on with the session. If it held for one
  // before, and for none since, it may have ended after all: then there is one more login.
  void refresh_failed(time_point now, std::uint64_t generation) noexcept;

  // Other credentials: there is no session of theirs yet, and what was refused says nothing of them.
  void change(scheme s) noexcept;

  [[nodiscard]] std::uint64_t generation() const noexcept { return generation_; }
  // Whether there is a session to be logged out when all is over.
  [[nodiscard]] bool owned() const noexcept { return state_ == state::live && owned_; }
  // The session of now, if it is owned, becomes somebody else's.
  bool release() noexcept;
  [[nodiscard]] error const& refusal() const noexcept { return refusal_; }

private:
  enum class state : std::uint8_t { none, logging_in, live };

  scheme scheme_;
  state state_ = state::none;
  std::chrono::milliseconds cool_down_;
  std::uint64_t generation_ = 0;
  bool held_ = false;       // the token of generation_ did,
  bool held_since_ = false; // and since the last refresh_failed()
  bool owned_ = false;      // the session of generation_ was made here and not given away
  bool one_more_ = false;   // login before doubted_until_
  time_point doubted_until_ = time_point::min();
  time_point refused_until_ = time_point::min();
  error refusal_;
};

} // namespace hvc::session
