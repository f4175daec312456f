#include "sessions.hpp"

#include "hex.hpp"

namespace hvc::simulation {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t refusals_to_lock = 5;
constexpr auto refusal_window = 180s;
constexpr auto lock_time = 900s;

} // namespace

sessions::login sessions::log_in(std::string_view user, bool password_right, date_time now) {
  if (locked_until_ && now < *locked_until_)
    return {outcome::refused, {}};
  if (!password_right) {
    count_refusal(now);
    return {outcome::refused, {}};
  }
  refusals_.clear();
  if (live(now) >= limits_.count)
    return {outcome::full, {}};
  auto token = new_token();
  live_.emplace(token, session{std::string(user), now, now});
  return {outcome::logged_in, std::move(token)};
}

session const* sessions::use(std::string_view token, date_time now) {
  auto const found = live_.find(token);
  if (found == live_.end())
    return nullptr;
  if (expired(found->second, now)) {
    live_.erase(found);
    return nullptr;
  }
  found->second.last_accessed = now;
  return &found->second;
}

bool sessions::log_out(std::string_view token, date_time now) {
  if (use(token, now) == nullptr)
    return false;
  live_.erase(live_.find(token));
  return true;
}

unsigned sessions::live(date_time now) {
  std::erase_if(live_, [&](auto const& entry) { return expired(entry.second, now); });
  return static_cast<unsigned>(live_.size());
}

bool sessions::expired(session const& s, date_time now) const {
  return now >= s.last_accessed + limits_.idle || now >= s.created + limits_.absolute;
}

void sessions::count_refusal(date_time now) {
  std::erase_if(refusals_, [&](date_time t) { return t + refusal_window <= now; });
  refusals_.push_back(now);
  if (refusals_.size() < refusals_to_lock)
    return;
  locked_until_ = now + lock_time;
  refusals_.clear();
}

std::string sessions::new_token() {
  std::string token;
  for (int half = 0; half != 2; ++half)
    for (auto bits = random_(), digits = std::uint64_t(16); digits != 0; --digits, bits >>= 4)
      token += hex_digits[bits & 15];
  return token;
}

} // namespace hvc::simulation
