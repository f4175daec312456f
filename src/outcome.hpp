// How a call ended, before anybody knows what type it answers: the bytes of a reply, or an error.
#pragma once

#include "http/reply.hpp"
#include "session/secret.hpp"

#include <hvc/error.hpp>

#include <chrono>
#include <optional>

namespace hvc::detail {

// Knows what no text may hold. Thread-safe.
class secret_keeper {
public:
  // The error without what is secret in its texts; `authorization`: the call's own, if it had one.
  [[nodiscard]] virtual error without_secrets(error e, session::secret const& authorization) const noexcept = 0;

protected:
  ~secret_keeper() = default;
};

struct outcome {
  std::optional<hvc::error> error;
  http::reply reply; // 2xx, if there is no error
  // For an error that only decoding finds:
  unsigned json_depth = 32;
  unsigned attempts = 0;
  std::chrono::microseconds elapsed{};
  bool connection_reused = false;
  secret_keeper const* secrets = nullptr; // outlives the completion; null: nothing is secret
  session::secret authorization;          // "Authorization: ...", where a source was asked for this call
};

} // namespace hvc::detail
