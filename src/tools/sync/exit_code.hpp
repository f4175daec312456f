// What a program that calls a tool learns from its exit code.
#pragma once

#include <hvc/error.hpp>

namespace hvc::tools {

inline constexpr int exit_success = 0;
inline constexpr int exit_server_error = 1;  // the server answered with a standard error
inline constexpr int exit_usage = 2;         // wrong usage, or an argument the library refuses
inline constexpr int exit_failure = 3;       // everything else: transport, TLS, framing, decoding
inline constexpr int exit_out_of_time = 4;   // deadline, or cancelled
inline constexpr int exit_interrupted = 130; // by a person, after which something was told all the same

[[nodiscard]] inline int exit_code(error const& e) noexcept {
  switch (e.kind()) {
  case error_kind::invalid_argument:
    return exit_usage;
  case error_kind::deadline:
  case error_kind::attempt_timeout:
  case error_kind::canceled:
    return exit_out_of_time;
  default:
    return e.standard() ? exit_server_error : exit_failure;
  }
}

} // namespace hvc::tools
