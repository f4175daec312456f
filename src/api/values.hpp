// How the kinds of value that make up the API's structures are read and written: one pair of functions each, chosen by
// type. Structures add their own pair, built from a list of their members (members.hpp).
#pragma once

#include "api/json_reader.hpp"
#include "api/json_writer.hpp"

#include <hvc/model.hpp>

#include <cstddef>
#include <limits>
#include <optional>
#include <type_traits>
#include <vector>

namespace hvc::json {

inline bool read(reader& in, std::string& out) { return in.string(out); }
inline bool read(reader& in, std::int64_t& out) { return in.integer(out); }
inline bool read(reader& in, double& out) { return in.number(out); }
bool read(reader& in, date_time& out);
// As parse_date_time(), without an optional, whose way through memory takes as long as a quarter of the parsing.
[[nodiscard]] bool parse(std::string_view text, date_time& out) noexcept;

inline void write(writer& to, std::string const& value) { to.string(value); }
inline void write(writer& to, std::int64_t value) { to.integer(value); }
inline void write(writer& to, double value) { to.number(value); }
void write(writer& to, date_time value);

template <class E> bool read(reader& in, open_enum<E>& out) {
  std::string_view name;
  if (!in.text(name))
    return false;
  if (E const known = enum_names<E>::find(name); known != E::unknown) [[likely]]
    out = known;
  else
    out = open_enum<E>::from_name(name);
  return true;
}

template <class E> void write(writer& to, open_enum<E> const& value) { to.string(value.name()); }

// Becomes an empty T where it is put. T() and T{} would clear all its bytes before giving its members their values, and
// these structures are large.
template <class T> struct empty {
  operator T() const noexcept { // NOLINT(google-explicit-constructor): that is what it is for
    if constexpr (std::is_arithmetic_v<T>) {
      return T();
    } else {
      T value;
      return value;
    }
  }
};

template <class T> inline constexpr bool is_optional = false;
template <class T> inline constexpr bool is_optional<std::optional<T>> = true;
template <class T> inline constexpr bool is_optional<boxed<T>> = true;

// What the page calls optional may be absent or null.
template <class Optional>
requires is_optional<Optional>
bool read(reader& in, Optional& out) {
  if (in.null())
    return true;
  if (read(in, out.emplace(empty<typename Optional::value_type>())))
    return true;
  out.reset();
  return false;
}

// At most `most` elements are kept; further ones are passed over and noted.
template <class T>
bool read_elements(reader& in, std::vector<T>& out, std::size_t most = std::numeric_limits<std::size_t>::max()) {
  auto at = in.first_element();
  if (at == reader::step::item)
    out.reserve(4);
  auto begin = in.here_exactly();
  for (std::size_t index = 0; at == reader::step::item; at = in.next_element(), ++index) {
    in.move_here(begin); // white space before the value does no harm
    if (index == most)
      in.note(begin, "limit", "left out with all that follow: too many");
    bool const kept = index < most;
    bool const good = kept ? read(in, out.emplace_back(empty<T>())) : in.skip();
    if (in.settled(good)) [[likely]]
      continue;
    auto const outcome = in.settle(good, begin, index);
    if (outcome == reader::outcome::failed)
      return false;
    if (kept && outcome == reader::outcome::left_out)
      out.pop_back();
  }
  return at == reader::step::end;
}

template <class T> bool read(reader& in, std::vector<T>& out) { return read_elements(in, out); }

template <class T> void write(writer& to, std::vector<T> const& values) {
  to.begin_array();
  for (auto const& value : values)
    write(to, value);
  to.end_array();
}

} // namespace hvc::json
