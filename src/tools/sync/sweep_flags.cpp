#include "sweep_flags.hpp"

#include "usage_error.hpp"

#include <charconv>
#include <optional>

namespace hvc::tools {

namespace {

// The whole text as a number from `least` to `most`.
template <class N> std::optional<N> number_in(std::string const& text, N least, N most) {
  N value{};
  char const* const last = text.data() + text.size();
  auto const [end, failed] = std::from_chars(text.data(), last, value);
  if (failed != std::errc() || end != last || !(value >= least && value <= most)) // false for what is no number
    return std::nullopt;
  return value;
}

double rate_of(std::string const& text) {
  if (text == "unlimited")
    return 0;
  auto const rate = number_in(text, 0.001, 1e6);
  if (!rate)
    throw usage_error("--rate takes questions a second, or unlimited: not '" + text + "'");
  return *rate;
}

unsigned concurrency_of(std::string const& text) {
  auto const n = number_in(text, 1U, 4096U); // what a client lets wait
  if (!n)
    throw usage_error("--concurrency takes a number from 1 to 4096: not '" + text + "'");
  return *n;
}

} // namespace

sweep_flags read_sweep_flags(command_line const& line) {
  sweep_flags flags;
  if (auto const text = line.value("rate"))
    flags.rate = rate_of(*text);
  if (auto const text = line.value("concurrency"))
    flags.concurrency = concurrency_of(*text);
  return flags;
}

} // namespace hvc::tools
