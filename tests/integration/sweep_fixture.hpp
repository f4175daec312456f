// What the tests of a sweep over the simulator share: questions, options, and what the sweep gives.
#pragma once

#include "client_fixture.hpp"

#include <hvc/sweep.hpp>

#include <optional>
#include <string>
#include <vector>

namespace hvc::test {

inline simulator_options world_of(unsigned links, unsigned providers) {
  simulator_options o;
  o.links = links;
  o.providers = providers;
  return o;
}

inline question nth(int n) { return {"link-" + std::to_string(1 + n / 4), "provider-" + std::to_string(1 + n % 4)}; }

inline std::vector<question> all_questions(int n) {
  std::vector<question> q;
  for (int i = 0; i < n; ++i)
    q.push_back(nth(i));
  return q;
}

inline std::string name_of(question const& q) { return q.link + '/' + q.provider; }

inline sweep_options fast(unsigned concurrency = 8) { return sweep_options().rate(0).concurrency(concurrency); }

inline bool is_right(swept const& s) { return belongs_to(s.info, s.question.link, s.question.provider); }

// Everything a sweep gives, from here on.
inline std::vector<swept> rest_of(world& w, sweep& s) {
  std::vector<swept> all;
  bool ended = false;
  s.each([&](swept r) { all.push_back(std::move(r)); }, [&] { ended = true; });
  REQUIRE(w.run_until([&] { return ended; }, 60s));
  return all;
}

inline std::optional<swept> next_of(world& w, sweep& s) {
  std::optional<std::optional<swept>> r;
  s.next([&](std::optional<swept> x) { r.emplace(std::move(x)); });
  REQUIRE(w.run_until([&] { return r.has_value(); }));
  return *std::move(r);
}

} // namespace hvc::test
