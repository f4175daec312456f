// decode(encode(x)) == x for random values, and Boost.JSON reads from the encoder's output what was put in.
#include "random_values.hpp"

#include <hvc/codec.hpp>

#include "catch.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <cmath>

using namespace hvc;
namespace bj = boost::json;

namespace {

constexpr unsigned rounds = 10'000;

bool same(bj::value const& v, std::string_view s) { return v.is_string() && std::string_view(v.as_string()) == s; }
bool same(bj::value const& v, std::int64_t i) { return v.is_int64() && v.as_int64() == i; }
// Boost.JSON's own reading of a double may be off by a few units in the last place.
bool same(bj::value const& v, double d) {
  if (!v.is_number())
    return false;
  auto const read = v.to_number<double>();
  return std::abs(read - d) <= std::max(std::abs(d) * 1e-14, 1e-300) || (std::isinf(read) && std::abs(d) > 1.7e308);
}
bool same(bj::value const& v, date_time t) { return v.is_string() && parse_date_time(v.as_string()) == t; }
bool same(bj::value const& v, localizable_message const& m);
bool same(bj::value const& v, localization_params const& p);
bool same(bj::value const& v, localization_param const& p);
bool same(bj::value const& v, session_info const& s);
bool same(bj::value const& v, nested_localizable_message const& m);
template <class E> bool same(bj::value const& v, open_enum<E> const& e) { return same(v, e.name()); }
template <class T> bool same(bj::value const& v, std::vector<T> const& list) {
  if (!v.is_array() || v.as_array().size() != list.size())
    return false;
  for (std::size_t i = 0; i < list.size(); ++i)
    if (!same(v.as_array()[i], list[i]))
      return false;
  return true;
}
template <class T> bool member(bj::value const& v, std::string_view name, T const& expected) {
  auto const* const found = v.as_object().if_contains(name);
  return found && same(*found, expected);
}
template <class T>
requires requires(T const& t) { t.has_value(); }
bool member(bj::value const& v, std::string_view name, T const& expected) {
  auto const* const found = v.as_object().if_contains(name);
  return expected ? found && same(*found, *expected) : !found;
}
bool same(bj::value const& v, localization_param const& p) {
  return member(v, "s", p.s) && member(v, "dt", p.dt) && member(v, "i", p.i) && member(v, "d", p.d) &&
         member(v, "l", p.l) && member(v, "format", p.format) && member(v, "precision", p.precision);
}
bool same(bj::value const& v, localization_params const& params) {
  if (!v.is_object() || v.as_object().size() != params.size())
    return false;
  for (auto const& [name, value] : params)
    if (!member(v, name, value))
      return false;
  return true;
}
bool same(bj::value const& v, nested_localizable_message const& m) {
  return member(v, "id", m.id) && member(v, "params", m.params);
}
bool same(bj::value const& v, localizable_message const& m) {
  return member(v, "id", m.id) && member(v, "default_message", m.default_message) && member(v, "args", m.args) &&
         member(v, "params", m.params) && member(v, "localized", m.localized);
}
bool same(bj::value const& v, session_info const& s) {
  return member(v, "stage", s.stage) && member(v, "completed_work", s.completed_work) &&
         member(v, "total_work", s.total_work) && member(v, "start_time", s.start_time) &&
         member(v, "completion_time", s.completion_time) && member(v, "exception", s.exception);
}
bool same(bj::value const& v, sync_info const& i) {
  return member(v, "last_sync_time", i.last_sync_time) && member(v, "status", i.status) &&
         member(v, "polling_interval_in_seconds", i.polling_interval_in_seconds) &&
         member(v, "current_session_info", i.current_session_info) && member(v, "status_message", i.status_message);
}

} // namespace

TEST_CASE("J24 random Infos survive encoding, and an independent parser reads the same") {
  random_values random(1);
  for (unsigned round = 0; round < rounds; ++round) {
    auto const value = random.info();
    auto const text = encode(value);
    auto const decoded = decode_sync_info(text);
    if (!decoded.has_value() || !(*decoded == value) || !same(bj::parse(text), value))
      FAIL(text);
  }
}

TEST_CASE("J24 random standard errors survive encoding") {
  random_values random(2);
  for (unsigned round = 0; round < rounds; ++round) {
    auto value = random.standard_error();
    if (random.one_in(4)) {
      value.error_type = error_type::service_unavailable;
      value.error_type_derived = true;
    }
    auto const text = encode(value);
    auto const decoded = decode_standard_error(text, 503);
    if (!decoded.has_value() || !(*decoded == value) || !same(bj::parse(text).at("messages"), value.messages))
      FAIL(text);
  }
}

TEST_CASE("random lists of links and providers survive encoding") {
  random_values random(3);
  for (unsigned round = 0; round < rounds / 10; ++round) {
    std::vector<link_summary> links;
    std::vector<provider_summary> providers;
    for (auto n = random.below(5); n != 0; --n) {
      links.push_back({random.text(), random.text()});
      providers.push_back({random.text()});
    }
    CHECK(*decode_links(encode(links)) == links);
    CHECK(*decode_providers(encode(providers)) == providers);
  }
}
