#include "api/members.hpp"

namespace hvc::json {
namespace {

// The member whose name comes next, if it is a known one written in the plainest way. Servers write members in one
// order, so the search begins where the last one ended.
member const* take_plain(reader& in, structure const& type, member const* likely) noexcept {
  auto const word = in.next_word();
  auto const is_next = [&](member const& m) { return in.take_name(m.quoted, word); };
  for (auto const* m = likely; m != type.end; ++m)
    if (is_next(*m))
      return m;
  for (auto const* m = type.begin; m != likely; ++m)
    if (is_next(*m))
      return m;
  return nullptr;
}

member const* find(structure const& type, std::string_view name) noexcept {
  for (auto const* m = type.begin; m != type.end; ++m)
    if (m->name() == name)
      return m;
  return nullptr;
}

bool all_there(reader& in, structure const& type, std::uint32_t seen) {
  auto const absent = type.required & ~seen;
  for (std::size_t i = 0; i != 32 && absent >> i != 0; ++i)
    if ((absent >> i & 1U) != 0 && !in.missing(type.begin[i].name()))
      return false;
  return true;
}

} // namespace

bool read_members(reader& in, void* object, structure const& type) {
  std::uint32_t seen = 0; // a bit each
  auto const* likely = type.begin;
  auto at = in.first_member();
  auto begin = in.here_exactly();
  for (; at == reader::step::item; at = in.next_member()) {
    auto const* m = take_plain(in, type, likely);
    std::string_view name;
    if (!m) [[unlikely]] {
      if (!in.name(name)) [[unlikely]] {
        if (!in.leave_out_member(begin))
          return false;
        continue;
      }
      m = find(type, name);
    }
    in.move_here(begin); // white space before the value does no harm
    bool good = false;
    if (m) {
      auto const bit = std::uint32_t(1) << (m - type.begin);
      good = (seen & bit) == 0 ? m->read(in, object) : in.fail_at(begin, "duplicate", "given twice");
      seen |= bit;
      likely = m + 1;
    } else {
      good = in.skip();
    }
    if (!in.settled(good) && in.settle(good, begin, m ? m->name() : name) == reader::outcome::failed) [[unlikely]]
      return false;
  }
  return at == reader::step::end && all_there(in, type, seen);
}

void write_members(writer& to, void const* object, structure const& type) {
  to.begin_object();
  for (auto const* m = type.begin; m != type.end; ++m)
    if (m->write)
      m->write(to, m->quoted, object);
  to.end_object();
}

} // namespace hvc::json
