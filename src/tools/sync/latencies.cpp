#include "latencies.hpp"

#include "text.hpp"
#include "times.hpp"

#include <algorithm>

namespace hvc::tools {

namespace {

using std::chrono::microseconds;

// Where the classes of a decade begin, in tenths of it; of these 1, 2 and 5 part the lines that are shown.
constexpr std::array<std::int64_t, 10> tenths{10, 12, 15, 20, 25, 30, 40, 50, 60, 80};

// Where the classes begin, in microseconds; the first at 0.
constexpr auto begins = [] {
  std::array<std::int64_t, latencies::classes> at{};
  std::int64_t decade = 10; // 100 us are ten tenths of that
  for (std::size_t i = 1; i < at.size(); ++i) {
    decade *= i % tenths.size() == 0 ? 10 : 1;
    at[i] = tenths[i % tenths.size()] * decade;
  }
  return at;
}();

microseconds lower(std::size_t i) noexcept { return microseconds(begins[i]); }

bool begins_a_line(std::size_t i) noexcept {
  auto const first = tenths[i % tenths.size()];
  return first == 10 || first == 20 || first == 50;
}

std::string right(std::string const& text, std::size_t width) {
  return std::string(width > text.size() ? width - text.size() : 0, ' ') + text;
}

} // namespace

void latencies::add(microseconds took) noexcept {
  auto const above = std::upper_bound(begins.begin() + 1, begins.end(), took.count());
  ++classes_[static_cast<std::size_t>(above - begins.begin()) - 1];
  ++count_;
  longest_ = std::max(longest_, took);
}

microseconds latencies::quantile(double share) const noexcept {
  auto const wanted = share * static_cast<double>(count_);
  double before = 0;
  for (std::size_t i = 0; i < classes_.size(); ++i) {
    auto const here = static_cast<double>(classes_[i]);
    if (here > 0 && before + here >= wanted) {
      auto const upper = i + 1 < classes_.size() ? std::min(lower(i + 1), longest_) : longest_;
      auto const within = static_cast<double>((upper - lower(i)).count()) * (wanted - before) / here;
      return lower(i) + microseconds(static_cast<std::int64_t>(within));
    }
    before += here;
  }
  return longest_;
}

std::string latencies::text(canvas const& to) const {
  if (count_ == 0)
    return {};
  std::string text = to.painted(paint::heading, "Latency") + "  half within " + duration_text(quantile(0.5)) +
                     ", 90 % " + duration_text(quantile(0.9)) + ", 99 % " + duration_text(quantile(0.99)) +
                     ", the longest " + duration_text(longest_) + "\n";
  struct line {
    std::size_t first;
    std::uint64_t count;
  };
  std::vector<line> lines;
  for (std::size_t i = 0; i < classes_.size(); ++i) {
    if (begins_a_line(i))
      lines.push_back({i, 0});
    lines.back().count += classes_[i];
  }
  auto const used = [](line const& l) { return l.count != 0; };
  auto const first = std::find_if(lines.begin(), lines.end(), used);
  auto const last = std::find_if(lines.rbegin(), lines.rend(), used).base();
  auto const most = std::max_element(first, last, [](line a, line b) { return a.count < b.count; })->count;
  std::size_t const digits = grouped(most).size();
  constexpr std::size_t left = 12;
  std::size_t const room =
      to.width == 0 ? 40 : std::clamp<std::size_t>(to.width - std::min(to.width, left + digits + 4), 10, 60);
  for (auto l = first; l != last; ++l) {
    auto const bar = static_cast<std::size_t>((l->count * room + most - 1) / most);
    text.append(right("from " + duration_text(lower(l->first)), left))
        .append("  ")
        .append(right(grouped(l->count), digits));
    text.append(bar == 0 ? "" : "  ").append(bar, '#').append("\n");
  }
  return text;
}

} // namespace hvc::tools
