// Who meets a fault: by share, from a seed, or because a test asked for it next. Not thread-safe; knows only names.
#pragma once

#include "faults.hpp"

#include <deque>
#include <random>

namespace hvc::simulation {

// "1%", "1/1000" or "0.01": from 0 to 1; nothing if the text is no share.
[[nodiscard]] std::optional<double> parse_share(std::string_view text);

class fault_plan {
public:
  // Throws std::invalid_argument, naming the option, for what it does not understand.
  fault_plan(std::vector<std::string> const& faults, std::string_view stall, std::uint64_t seed);

  void next(fault const& f, unsigned times);
  [[nodiscard]] fault const* for_connection() { return draw(handshakes_); }
  [[nodiscard]] fault const* for_exchange() { return draw(exchanges_); }
  [[nodiscard]] bool stalls() { return uniform() < stall_share_; }

private:
  struct lot {
    fault const* what;
    double share;
  };
  struct lots {
    std::vector<lot> by_share;
    std::deque<std::pair<fault const*, unsigned>> next; // these first, so many times each
  };
  [[nodiscard]] fault const* draw(lots& from);
  [[nodiscard]] double uniform(); // in [0, 1)

  lots handshakes_;
  lots exchanges_;
  double stall_share_ = 0;
  std::mt19937_64 random_;
};

} // namespace hvc::simulation
