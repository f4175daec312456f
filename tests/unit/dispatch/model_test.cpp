// P26: every order of what can happen to a dispatcher, as far as time allows.
#include "model.hpp"

#include "catch.hpp"

#include <string>
#include <unordered_set>
#include <vector>

using namespace hvc::dispatch;
using namespace hvc::dispatch::test;

namespace {

// Every sequence of `depth` steps, but each state that looks the same from outside once. Then the world turns kind.
class exploration {
public:
  exploration(model const& m, unsigned depth) { explore(m, depth); }
  [[nodiscard]] std::size_t states() const noexcept { return seen_.size(); }

private:
  void explore(model const& m, unsigned depth) {
    if (!seen_.insert(m.view() + static_cast<char>(depth)).second)
      return;
    if (depth == 0 || m.over()) {
      model end = m;
      if (!end.over())
        end.finish();
      return;
    }
    for (move const next : m.moves()) {
      path_.push_back(next);
      model branch = m;
      try {
        branch.make(next);
        explore(branch, depth - 1);
      } catch (broken const& b) {
        std::string steps;
        for (auto const s : path_)
          steps += ' ' + std::to_string(static_cast<int>(s.what)) + ':' + std::to_string(s.which);
        FAIL(b.why << ", after the steps" << steps);
      }
      path_.pop_back();
    }
  }

  std::unordered_set<std::string> seen_;
  std::vector<move> path_;
};

constexpr authentication schemes[] = {authentication::fixed, authentication::login};

} // namespace

TEST_CASE("P26 every sequence of seven events over two calls and one connection keeps the promises") {
  for (auto const scheme : schemes)
    CHECK(exploration(model(scheme, 1, 2, 2, 1), HVC_INSTRUMENTED ? 6 : 7).states() > 1'000);
}

TEST_CASE("P26 every sequence of six events over four calls and three connections keeps the promises") {
  for (auto const scheme : schemes)
    CHECK(exploration(model(scheme, 3, 4, 4, 1), HVC_INSTRUMENTED ? 5 : 6).states() > 1'000);
}

TEST_CASE("P26 a million random events over four calls and three connections at a time keep the promises") {
  std::uint64_t const seed = 20'260'726;
  prng random(seed);
  int left = HVC_INSTRUMENTED ? 100'000 : 1'000'000;
  for (int walk = 0; left > 0; ++walk) {
    CAPTURE(seed, walk);
    model m(schemes[walk % 2], 1 + static_cast<unsigned>(random() % 3), 4, ~0U, ~0U);
    std::uint64_t const length = 1 + random() % 2'000;
    try {
      for (std::uint64_t i = 0; i < length && !m.over(); ++i) {
        auto const moves = m.moves();
        auto next = moves[random() % moves.size()];
        bool const rare = next.what == step::renew || next.what == step::change;
        if ((next.what == step::close && random() % 256 != 0) || (rare && random() % 8 != 0))
          continue;
        m.make(next);
      }
      if (!m.over())
        m.finish();
      left -= m.steps();
    } catch (broken const& b) {
      FAIL(b.why);
    }
  }
}
