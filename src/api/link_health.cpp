// What `GET /api/hvc/links/{link}` answers.
#include "api/document.hpp"
#include "api/localizable_message.hpp"
#include "api/members.hpp"

namespace hvc {
namespace json {

// Of external linkage, because field() finds them by argument-dependent look-up.
bool read(reader& in, link_health& out);
void write(writer& to, link_health const& value);

namespace {

constexpr member of_health[] = {field<&link_health::connection_health_status>(R"("connection_health_status":)"),
                                field<&link_health::health_status_message>(R"("health_status_message":)")};
constexpr structure health_structure(of_health);

} // namespace

bool read(reader& in, link_health& out) { return read_members(in, &out, health_structure); }
void write(writer& to, link_health const& value) { write_members(to, &value, health_structure); }

} // namespace json

result<link_health> decode_link_health(std::string_view text, decode_limits const& limits) {
  return json::decode_document<link_health>(text, limits);
}

std::string encode(link_health const& value) { return json::encode_document(value); }

} // namespace hvc
