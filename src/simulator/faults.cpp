// The tables joined, and looked up.
#include "faults.hpp"

#include <algorithm>
#include <array>

namespace hvc::simulation {
namespace {

bool has_row(std::string_view rows, std::string_view row) noexcept {
  while (!rows.empty()) {
    auto const end = std::min(rows.find(' '), rows.size());
    if (equal_names(rows.substr(0, end), row))
      return true;
    rows.remove_prefix(std::min(end + 1, rows.size()));
  }
  return false;
}

std::array<std::span<fault const>, 4> tables() noexcept {
  return {handshake_faults(), refusals(), framing_faults(), body_faults()};
}

} // namespace

wire_reply honest_reply::sized() const {
  auto r = reply;
  r.chunked = false;
  return render(r, false, now);
}

wire_reply honest_reply::chunked() const {
  auto r = reply;
  r.chunked = true;
  return render(r, true, now);
}

wire_reply honest_reply::with_body(std::string body) const {
  auto r = reply;
  r.body = std::move(body);
  return render(r, chunked_by_default, now);
}

fault const* find_fault(std::string_view name) noexcept {
  for (auto const table : tables())
    for (auto const& f : table)
      if (equal_names(f.word, name))
        return &f;
  for (auto const table : tables())
    for (auto const& f : table)
      if (has_row(f.rows, name))
        return &f;
  return nullptr;
}

} // namespace hvc::simulation

namespace hvc {

std::span<simulated_fault const> simulator::faults() {
  static auto const all = [] {
    std::vector<simulated_fault> list;
    for (auto const table : simulation::tables())
      for (auto const& f : table)
        list.push_back({f.word, f.rows, f.description, f.of_handshake()});
    return list;
  }();
  return all;
}

} // namespace hvc
