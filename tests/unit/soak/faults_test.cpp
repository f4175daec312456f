#include "tools/soak/faults.hpp"

#include "catch.hpp"

#include <map>
#include <set>
#include <string>

using namespace hvc::soak;

TEST_CASE("a deck deals each card as often as any other, and the faults of a card in turn") {
  auto const table = faults_of_exchanges();
  std::set<std::string_view> cards;
  for (auto const& f : table)
    cards.insert(f.card);
  deck d(table, 1);
  std::map<std::string_view, unsigned> by_card, by_word;
  constexpr unsigned rounds = 840; // a multiple of every number of faults a card has
  for (std::size_t n = 0; n != rounds * cards.size(); ++n) {
    auto const& f = table[d.deal()];
    ++by_card[f.card];
    ++by_word[f.word];
  }
  for (auto const card : cards)
    CHECK(by_card[card] == rounds);
  for (auto const& f : table) {
    unsigned siblings = 0;
    for (auto const& other : table)
      siblings += other.card == f.card ? 1U : 0U;
    CAPTURE(std::string(f.word));
    CHECK(by_word[f.word] >= rounds / siblings);
    CHECK(by_word[f.word] <= rounds / siblings + 1);
  }
}

TEST_CASE("a deck keeps what does not suit for whom it suits, and loses nothing") {
  auto const table = faults_of_exchanges();
  deck one(table, 7), other(table, 7);
  auto const is_odd = [](std::size_t n) { return n % 2 == 1; };
  std::map<std::size_t, unsigned> all, picked;
  for (unsigned n = 0; n != 20; ++n) {
    auto const fault = one.deal(is_odd);
    CHECK(is_odd(fault));
    ++picked[fault];
  }
  auto const kept = one.deal([](std::size_t n) { return n % 2 == 0; });
  CHECK(kept % 2 == 0);
  for (unsigned n = 0; n != 200; ++n) // the same deck, dealt to whom everything suits: the first that does not is there
    if (auto const fault = other.deal(); fault % 2 == 0) {
      CHECK(fault == kept);
      break;
    }
}

TEST_CASE("the same seed deals the same faults, another one others") {
  auto const dealt = [](std::uint64_t seed) {
    deck d(faults_of_exchanges(), seed);
    std::vector<std::size_t> faults;
    for (unsigned n = 0; n != 50; ++n)
      faults.push_back(d.deal());
    return faults;
  };
  CHECK(dealt(1) == dealt(1));
  CHECK(dealt(1) != dealt(2));
}
