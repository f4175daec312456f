#include "sweep/listing.hpp"

#include "dispatch/prng.hpp"

#include "catch.hpp"

#include <map>
#include <set>
#include <string>
#include <vector>

using namespace hvc;
using sweeping::listing;
using type = listing::step::type;

namespace {

std::vector<link_summary> links(unsigned n) {
  std::vector<link_summary> all;
  for (unsigned i = 1; i <= n; ++i)
    all.push_back({.link = "l" + std::to_string(i)});
  return all;
}

std::vector<provider_summary> providers(unsigned n) {
  std::vector<provider_summary> all;
  for (unsigned i = 1; i <= n; ++i)
    all.push_back({.provider = "p" + std::to_string(i)});
  return all;
}

std::string told(listing::step const& s) {
  switch (s.what) {
  case type::wait:
    return "wait";
  case type::list_links:
    return "list links";
  case type::list_providers:
    return "list " + s.question.link;
  case type::ask:
    return s.question.link + '/' + s.question.provider;
  case type::tell:
    return s.question.link + '/' + s.question.provider + " failed: " + std::string(to_string(s.why.kind()));
  }
  return {};
}

// Steps up to the next wait.
std::vector<std::string> steps(listing& l) {
  std::vector<std::string> all;
  for (auto s = l.next(); s.what != type::wait; s = l.next())
    all.push_back(told(s));
  return all;
}

using texts = std::vector<std::string>;

} // namespace

TEST_CASE("first the links, then their lists, then the questions") {
  listing l(false, 10);
  CHECK(steps(l) == texts{"list links"});
  CHECK_FALSE(l.total());
  l.links(links(2));
  CHECK(steps(l) == texts{"list l1", "list l2"});
  l.providers(1, providers(1));
  CHECK(steps(l) == texts{"l2/p1"});
  CHECK_FALSE(l.total());
  l.providers(0, providers(2));
  CHECK(l.total() == 3U);
  CHECK_FALSE(l.finished());
  CHECK(steps(l) == texts{"l1/p1", "l1/p2"});
  CHECK(l.finished());
}

TEST_CASE("in order, a link waits for the one before it") {
  listing l(true, 10);
  steps(l);
  l.links(links(2));
  steps(l);
  l.providers(1, providers(1));
  CHECK(steps(l).empty());
  l.providers(0, providers(1));
  CHECK(steps(l) == texts{"l1/p1", "l2/p1"});
}

TEST_CASE("lists are asked for while few questions are known, and at most 16 at a time") {
  listing l(false, 3);
  steps(l);
  l.links(links(40));
  CHECK(steps(l).size() == 16);
  l.providers(0, providers(5));
  CHECK(told(l.next()) == "l1/p1"); // five are known: enough
  CHECK(told(l.next()) == "l1/p2");
  CHECK(told(l.next()) == "l1/p3");
  CHECK(told(l.next()) == "list l17"); // two are known
  CHECK(told(l.next()) == "l1/p4");    // and 16 lists are awaited
}

TEST_CASE("how many there will be is told by the mean of the lists that came") {
  listing l(false, 1000);
  CHECK_FALSE(l.expected());
  steps(l);
  l.links(links(20));
  CHECK_FALSE(l.expected());
  steps(l);
  l.providers(0, providers(10));
  CHECK(l.expected() == 200U);
  l.providers(2, providers(0));
  CHECK(l.expected() == 100U);
  l.providers(1, error(error_kind::deadline));
  CHECK(l.expected() == 11U + 17 * 11 / 3);
  for (std::uint64_t n = 3; n < 20; ++n) {
    steps(l);
    l.providers(n, providers(1));
  }
  CHECK(l.total() == 28U);
  CHECK(l.expected() == 28U);
  listing none(false, 10);
  steps(none);
  none.links(links(0));
  CHECK(none.expected() == 0U);
}

TEST_CASE("a list that fails is told with its link, and the others go on") {
  listing l(true, 10);
  steps(l);
  l.links(links(3));
  steps(l);
  l.providers(0, providers(1));
  l.providers(1, error(error_kind::deadline));
  l.providers(2, providers(1));
  CHECK(l.total() == 3U);
  CHECK(steps(l) == texts{"l1/p1", "l2/ failed: deadline", "l3/p1"});
  CHECK(l.finished());
}

TEST_CASE("links that cannot be listed are one failure without a name") {
  listing l(false, 10);
  steps(l);
  l.links(error(error_kind::route_unknown));
  CHECK(steps(l) == texts{"/ failed: route_unknown"});
  CHECK(l.finished());
  CHECK(l.total() == 1U);
}

TEST_CASE("no links, and links without providers, are an end") {
  listing none(false, 10);
  steps(none);
  none.links(links(0));
  CHECK(steps(none).empty());
  CHECK(none.finished());
  listing empty(true, 10);
  steps(empty);
  empty.links(links(2));
  steps(empty);
  empty.providers(0, providers(0));
  CHECK_FALSE(empty.finished());
  empty.providers(1, providers(0));
  CHECK(steps(empty).empty());
  CHECK(empty.finished());
  CHECK(empty.total() == 0U);
}

TEST_CASE("whatever order lists are answered in, everything is asked once and memory stays bounded") {
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    dispatch::prng random(seed);
    bool const in_order = seed % 2 == 0;
    unsigned const all = static_cast<unsigned>(random() % 60), enough = 1 + static_cast<unsigned>(random() % 40);
    std::map<std::uint64_t, unsigned> open;
    std::multiset<std::string> asked;
    std::string last;
    listing l(in_order, enough);
    steps(l);
    l.links(links(all));
    std::size_t expected = 0, given = 0;
    for (bool end = false; !end;) {
      for (auto s = l.next(); s.what != type::wait; s = l.next()) {
        if (s.what == type::list_providers) {
          REQUIRE(expected - given < enough);
          open.emplace(s.number, static_cast<unsigned>(random() % 30));
          REQUIRE(open.size() <= 16);
          continue;
        }
        asked.insert(told(s));
        ++given;
        if (random() % 2 == 0)
          break;
      }
      if (!open.empty() && random() % 2 == 0) {
        auto which = std::next(open.begin(), static_cast<std::ptrdiff_t>(random() % open.size()));
        bool const fails = random() % 5 == 0;
        expected += fails ? 1 : which->second;
        if (fails)
          l.providers(which->first, error(error_kind::connect));
        else
          l.providers(which->first, providers(which->second));
        open.erase(which);
      }
      end = l.finished();
    }
    REQUIRE(open.empty());
    REQUIRE(given == expected);
    REQUIRE(l.total() == expected);
    REQUIRE(std::set<std::string>(asked.begin(), asked.end()).size() == asked.size());
  }
}
