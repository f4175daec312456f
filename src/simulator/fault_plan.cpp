#include "fault_plan.hpp"

#include <charconv>
#include <stdexcept>

namespace hvc::simulation {
namespace {

[[noreturn]] void refuse(std::string_view fault, std::string_view why) {
  throw std::invalid_argument("faults: '" + std::string(fault) + "': " + std::string(why));
}

// "T20": the fault catalogue may well have it, as a fault that no server commits.
bool looks_like_row(std::string_view text) noexcept {
  constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  return text.size() > 1 && letters.find(text[0]) != std::string_view::npos &&
         text.find_first_not_of("0123456789", 1) == std::string_view::npos;
}

std::optional<double> parse_number(std::string_view text) {
  double value = 0;
  auto const [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value, std::chars_format::fixed);
  if (problem != std::errc() || end != text.data() + text.size() || !(value >= 0))
    return std::nullopt;
  return value;
}

} // namespace

std::optional<double> parse_share(std::string_view text) {
  double divisor = 1;
  if (text.ends_with('%')) {
    text.remove_suffix(1);
    divisor = 100;
  } else if (auto const slash = text.find('/'); slash != std::string_view::npos) {
    divisor = parse_number(text.substr(slash + 1)).value_or(0);
    text = text.substr(0, slash);
  }
  auto const value = parse_number(text);
  if (!value || divisor == 0 || *value / divisor > 1)
    return std::nullopt;
  return *value / divisor;
}

fault_plan::fault_plan(std::vector<std::string> const& faults, std::string_view stall, std::uint64_t seed)
    : random_(seed) {
  if (!stall.empty()) {
    auto const share = parse_share(stall);
    if (!share)
      throw std::invalid_argument("stall: '" + std::string(stall) + "' is no share, such as 1% or 1/1000");
    stall_share_ = *share;
  }
  double sum_of_handshakes = 0, sum_of_exchanges = 0;
  for (std::string_view const text : faults) {
    auto const at = text.rfind('@');
    if (at == std::string_view::npos)
      refuse(text, "not of the form KIND@SHARE");
    auto const kind = text.substr(0, at);
    auto const* const f = find_fault(kind);
    if (f == nullptr)
      refuse(text, looks_like_row(kind) ? "the simulator cannot be asked for this row" : "no such kind");
    auto const share = parse_share(text.substr(at + 1));
    if (!share)
      refuse(text, "no share, such as 1% or 1/1000");
    if (((f->of_handshake() ? sum_of_handshakes : sum_of_exchanges) += *share) > 1 + 1e-9)
      refuse(text, "the shares are more than the whole");
    (f->of_handshake() ? handshakes_ : exchanges_).by_share.push_back({f, *share});
  }
}

void fault_plan::next(fault const& f, unsigned times) {
  if (times != 0)
    (f.of_handshake() ? handshakes_ : exchanges_).next.emplace_back(&f, times);
}

fault const* fault_plan::draw(lots& from) {
  if (!from.next.empty()) {
    auto& [f, times] = from.next.front();
    auto const* const drawn = f;
    if (times != simulator::forever && --times == 0)
      from.next.pop_front();
    return drawn;
  }
  if (from.by_share.empty())
    return nullptr;
  auto u = uniform();
  for (auto const& l : from.by_share) {
    if (u < l.share)
      return l.what;
    u -= l.share;
  }
  return nullptr;
}

double fault_plan::uniform() { return static_cast<double>(random_() >> 11) * 0x1p-53; }

} // namespace hvc::simulation
