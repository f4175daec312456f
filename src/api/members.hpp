// A structure of the API as the list of its members, from which both directions follow: reading, with the rules for
// missing and repeated members in one place, and writing.
#pragma once

#include "api/values.hpp"

namespace hvc::json {

struct alignas(64) member { // a cache line each, and a shift tells its number
  quoted_name quoted;
  bool required;
  bool (*read)(reader&, void* object);
  void (*write)(writer&, quoted_name const&, void const* object); // null: the member is never written

  [[nodiscard]] constexpr std::string_view name() const noexcept { return quoted.name(); }
};

// All members of a structure; the bits of `required` are those of the members that must be there.
struct structure {
  template <std::size_t Count> constexpr explicit(false) structure(member const (&list)[Count]) noexcept
      : begin(list), end(list + Count) { // NOLINT
    static_assert(Count <= 32);
    for (std::size_t i = 0; i != Count; ++i)
      required |= (list[i].required ? std::uint32_t(1) : 0U) << i;
  }
  member const* begin;
  member const* end;
  std::uint32_t required = 0;
};

// Unknown members are passed over; known ones may come in any order, but once.
[[nodiscard]] bool read_members(reader&, void* object, structure const&);
void write_members(writer&, void const* object, structure const&);

namespace detail {

template <auto Pointer> struct pointer_to_member;
template <class Object, class Value, Value Object::*Pointer> struct pointer_to_member<Pointer> {
  using object = Object;
  using value = Value;
};

template <auto Pointer> bool read_field(reader& in, void* object) {
  return read(in, static_cast<typename pointer_to_member<Pointer>::object*>(object)->*Pointer);
}

template <auto Pointer> void write_field(writer& to, quoted_name const& name, void const* object) {
  auto const& value = static_cast<typename pointer_to_member<Pointer>::object const*>(object)->*Pointer;
  if constexpr (is_optional<typename pointer_to_member<Pointer>::value>) {
    if (value) {
      to.quoted_name(name.text);
      write(to, *value);
    }
  } else {
    to.quoted_name(name.text);
    write(to, value);
  }
}

} // namespace detail

// The member a field of a structure holds; required unless the field may be absent.
template <auto Pointer> constexpr member field(char const* quoted) {
  return {quoted, !is_optional<typename detail::pointer_to_member<Pointer>::value>, &detail::read_field<Pointer>,
          &detail::write_field<Pointer>};
}

} // namespace hvc::json
