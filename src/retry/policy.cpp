#include "retry/policy.hpp"

#include <algorithm>

namespace hvc::retry {
namespace {

using std::chrono::milliseconds;

constexpr unsigned retry_cost = 14;
constexpr unsigned throttled_retry_cost = 5;

bool throttled(error const& e) noexcept { return e.http_status() == 429 || e.http_status() == 503; }

bool is_reply(error_kind k) noexcept { return k == error_kind::standard || k == error_kind::http_status; }

// Uniform in [0, bound], by the high half of a product (no modulo bias worth the name with 64 bits).
milliseconds uniform(std::uint64_t random, milliseconds bound) noexcept {
  auto const range = static_cast<unsigned __int128>(bound.count()) + 1;
  return milliseconds(static_cast<std::int64_t>((range * random) >> 64));
}

milliseconds back_off_bound(retry_options const& o, error const& e, unsigned attempts) noexcept {
  milliseconds bound = throttled(e) ? o.throttled_base : o.base;
  for (unsigned n = 1; n < attempts && bound < o.cap; ++n)
    bound *= 2;
  return std::min(bound, o.cap);
}

} // namespace

bool may_succeed_later(error const& e) noexcept {
  switch (e.kind()) {
  case error_kind::connect:
  case error_kind::connect_timeout:
  case error_kind::attempt_timeout:
  case error_kind::tls_timeout:
  case error_kind::pool_full:
  case error_kind::deadline:
  case error_kind::connection_lost:
  case error_kind::resource:
    return true;
  case error_kind::tls_handshake:
    return e.reason() == "reset_in_handshake";
  default:
    return e.retryable(); // replies and the resolver say it themselves
  }
}

bool is_retried(error const& e) noexcept {
  switch (e.kind()) {
  case error_kind::connect:
  case error_kind::attempt_timeout:
  case error_kind::connection_lost:
    return true;
  case error_kind::resource:
    return e.reason() == "ports"; // descriptors and memory do not come back by asking again
  case error_kind::tls_handshake:
    return e.reason() == "reset_in_handshake"; // the proxy's way to say that it has too many connections
  case error_kind::resolve:
    return e.retryable();
  default:
    return is_reply(e.kind()) && e.retryable();
  }
}

std::optional<again> decide(retry_options const& o, error const& e, unsigned attempts, unsigned max_attempts,
                            std::chrono::nanoseconds time_left, std::uint64_t random, budget& tokens) noexcept {
  if (attempts >= max_attempts || !is_retried(e))
    return std::nullopt;
  milliseconds delay;
  if (e.retry_after().count() > 0) { // RFC 9110, section 10.2.3
    if (e.retry_after() > o.max_retry_after)
      return std::nullopt;
    milliseconds const asked = e.retry_after();
    delay = asked + uniform(random, asked / 5);
  } else {
    delay = uniform(random, back_off_bound(o, e, attempts));
  }
  if (delay >= std::chrono::ceil<milliseconds>(time_left)) // the real cause, now, rather than the deadline later
    return std::nullopt;
  unsigned const cost = throttled(e) ? throttled_retry_cost : retry_cost;
  if (!tokens.withdraw(cost))
    return std::nullopt;
  return again{delay, cost};
}

} // namespace hvc::retry
