// What `GET /api/hvc/links` answers.
#include "api/document.hpp"
#include "api/members.hpp"

namespace hvc {
namespace json {

// Of external linkage, because the vector's overloads find them by argument-dependent look-up.
bool read(reader& in, link_summary& out);
void write(writer& to, link_summary const& value);

namespace {

constexpr member of_link[] = {field<&link_summary::link>(R"("link":)"),
                              field<&link_summary::display_name>(R"("display_name":)")};
constexpr structure link_structure(of_link);

} // namespace

bool read(reader& in, link_summary& out) { return read_members(in, &out, link_structure); }
void write(writer& to, link_summary const& value) { write_members(to, &value, link_structure); }

} // namespace json

result<std::vector<link_summary>> decode_links(std::string_view text, decode_limits const& limits) {
  return json::decode_document<std::vector<link_summary>>(text, limits);
}

std::string encode(std::vector<link_summary> const& links) { return json::encode_document(links); }

} // namespace hvc
