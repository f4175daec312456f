// The four shapes the page means for the `data` of a standard error, read on demand from its raw JSON.
#include "api/members.hpp"

#include <hvc/codec.hpp>
#include <hvc/standard_error.hpp>

namespace hvc {
namespace {

struct transient_indication {
  bool is_transient = false;
};

constexpr json::member of_location[] = {json::field<&locations::primary>(R"("primary":)"),
                                        json::field<&locations::secondary>(R"("secondary":)")};
constexpr json::structure location_structure(of_location);
constexpr json::member of_dynamic_id[] = {json::field<&dynamic_id::type>(R"("type":)"),
                                          json::field<&dynamic_id::id>(R"("id":)")};
constexpr json::structure dynamic_id_structure(of_dynamic_id);

bool read_transient(json::reader& in, void* object) {
  return in.boolean(static_cast<transient_indication*>(object)->is_transient);
}
constexpr json::member of_transient[] = {{R"("is_transient":)", true, read_transient, nullptr}};
constexpr json::structure transient_structure(of_transient);

template <class T> std::optional<T> read_as(std::string const& text, json::structure const& type) {
  json::reader in(text, decode_limits().depth);
  std::optional<T> out(std::in_place);
  if (!(in.begin() && json::read_members(in, &*out, type) && in.finish()))
    out.reset();
  return out;
}

} // namespace

std::optional<locations> error_data::argument_locations() const {
  return read_as<locations>(json_, location_structure);
}

std::optional<locations> error_data::file_locations() const { return read_as<locations>(json_, location_structure); }

std::optional<bool> error_data::is_transient() const {
  auto const read = read_as<transient_indication>(json_, transient_structure);
  return read ? std::optional(read->is_transient) : std::nullopt;
}

std::optional<dynamic_id> error_data::id() const { return read_as<dynamic_id>(json_, dynamic_id_structure); }

} // namespace hvc
