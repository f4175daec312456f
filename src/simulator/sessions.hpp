// The sessions of a simulated vCenter: logins with their limit and lock-out, idle and absolute expiry. Time is an
// argument; what a password is, and how a token travels, it does not know.
#pragma once

#include <hvc/model.hpp>

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <random>
#include <string>

namespace hvc::simulation {

struct session_limits {
  std::chrono::milliseconds idle;
  std::chrono::milliseconds absolute;
  unsigned count;
};

struct session {
  std::string user;
  date_time created;
  date_time last_accessed;
};

class sessions {
public:
  enum class outcome { logged_in, refused, full };
  struct login {
    outcome what;
    std::string token;
  };

  sessions(session_limits limits, std::uint64_t seed) : limits_(limits), random_(seed) {}

  // Five refusals in 180 s lock the account for 900 s: until then even the right password is refused.
  [[nodiscard]] login log_in(std::string_view user, bool password_right, date_time now);
  // The session, its idle clock renewed; null if there is none of this token, or it has expired.
  [[nodiscard]] session const* use(std::string_view token, date_time now);
  // Whether there was one.
  bool log_out(std::string_view token, date_time now);
  [[nodiscard]] unsigned live(date_time now);
  void expire_all() { live_.clear(); }

private:
  [[nodiscard]] bool expired(session const& s, date_time now) const;
  void count_refusal(date_time now);
  [[nodiscard]] std::string new_token();

  session_limits limits_;
  std::mt19937_64 random_;
  std::map<std::string, session, std::less<>> live_;
  std::deque<date_time> refusals_;
  std::optional<date_time> locked_until_;
};

} // namespace hvc::simulation
