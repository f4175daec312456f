// How a call ended, in a word: what the tests of the client and those of the faults compare.
#pragma once

#include <hvc/result.hpp>

#include <string>

namespace hvc::test {

inline std::string name_of(error const& e) {
  std::string name(to_string(e.kind()));
  return e.reason().empty() || e.kind() == error_kind::standard ? name : name + '(' + std::string(e.reason()) + ')';
}

template <class T> std::string outcome_of(result<T> const& r) { return r ? "OK" : name_of(r.error()); }

} // namespace hvc::test
