#include "watch/pace.hpp"

#include <algorithm>

namespace hvc::watching {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr milliseconds unknown = 60s;  // nobody says
constexpr milliseconds shortest = 10s; // that the server may say
constexpr milliseconds longest = 24h;  // the same
constexpr milliseconds longest_back_off = 60s;

milliseconds with_jitter(milliseconds d, std::uint64_t random) noexcept {
  return d + milliseconds(static_cast<std::int64_t>(static_cast<double>(d.count()) * 0.1 *
                                                    static_cast<double>(random >> 32) / 0x1p32));
}

} // namespace

milliseconds pace::interval() const noexcept {
  if (asked_)
    return *asked_;
  if (said_ <= 0)
    return unknown;
  return said_ >= longest / 1s ? longest : std::max<milliseconds>(shortest, std::chrono::seconds(said_));
}

milliseconds pace::after(result<sync_info> const& answer) noexcept {
  if (answer) {
    failures_ = 0;
    said_ = answer->polling_interval_in_seconds;
    return with_jitter(interval(), random_());
  }
  milliseconds rest = interval();
  for (unsigned n = 0; n < failures_ && rest < longest_back_off; ++n)
    rest = std::min(2 * rest, longest_back_off);
  ++failures_;
  auto const asked =
      std::min<std::chrono::seconds>(answer.error().retry_after(), std::chrono::ceil<std::chrono::seconds>(longest));
  return with_jitter(std::max<milliseconds>(rest, asked), random_());
}

} // namespace hvc::watching
