// What `GET /api/hvc/links/{link}/sync/providers` answers.
#include "api/document.hpp"
#include "api/members.hpp"

namespace hvc {
namespace json {

// Of external linkage, because the vector's overloads find them by argument-dependent look-up.
bool read(reader& in, provider_summary& out);
void write(writer& to, provider_summary const& value);

namespace {

constexpr member of_provider[] = {field<&provider_summary::provider>(R"("provider":)")};
constexpr structure provider_structure(of_provider);

} // namespace

bool read(reader& in, provider_summary& out) { return read_members(in, &out, provider_structure); }
void write(writer& to, provider_summary const& value) { write_members(to, &value, provider_structure); }

} // namespace json

result<std::vector<provider_summary>> decode_providers(std::string_view text, decode_limits const& limits) {
  return json::decode_document<std::vector<provider_summary>>(text, limits);
}

std::string encode(std::vector<provider_summary> const& providers) { return json::encode_document(providers); }

} // namespace hvc
