// How a client's credentials are used, without the credentials.
#pragma once

#include <cstdint>

namespace hvc::dispatch {

// Where the header field that authenticates a request comes from.
enum class authentication : std::uint8_t {
  fixed,          // nothing, or a ready-made token
  login,          // a session, logged in with a password
  login_source,   // a session, logged in with what the user's source says
  request_source, // the user's source, asked for each request
  session_source  // a session that the user's source gives
};

} // namespace hvc::dispatch
