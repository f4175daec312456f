// Providers.Info and Providers.SessionInfo, member by member, as the page "Get Link Provider Sync" lists them.
#include "api/document.hpp"
#include "api/localizable_message.hpp"
#include "api/members.hpp"

namespace hvc {
namespace json {

// Of external linkage, because field() finds them by argument-dependent look-up.
bool read(reader& in, session_info& out);
void write(writer& to, session_info const& value);
bool read(reader& in, sync_info& out);
void write(writer& to, sync_info const& value);

namespace {

constexpr member of_session[] = {field<&session_info::stage>(R"("stage":)"),
                                 field<&session_info::completed_work>(R"("completed_work":)"),
                                 field<&session_info::total_work>(R"("total_work":)"),
                                 field<&session_info::start_time>(R"("start_time":)"),
                                 field<&session_info::completion_time>(R"("completion_time":)"),
                                 field<&session_info::exception>(R"("exception":)")};
constexpr structure session_structure(of_session);

constexpr member of_info[] = {field<&sync_info::last_sync_time>(R"("last_sync_time":)"),
                              field<&sync_info::status>(R"("status":)"),
                              field<&sync_info::polling_interval_in_seconds>(R"("polling_interval_in_seconds":)"),
                              field<&sync_info::current_session_info>(R"("current_session_info":)"),
                              field<&sync_info::status_message>(R"("status_message":)")};
constexpr structure info_structure(of_info);

} // namespace

bool read(reader& in, session_info& out) { return read_members(in, &out, session_structure); }
void write(writer& to, session_info const& value) { write_members(to, &value, session_structure); }

bool read(reader& in, sync_info& out) { return read_members(in, &out, info_structure); }
void write(writer& to, sync_info const& value) { write_members(to, &value, info_structure); }

} // namespace json

result<sync_info> decode_sync_info(std::string_view text, decode_limits const& limits) {
  return json::decode_document<sync_info>(text, limits);
}

std::string encode(sync_info const& value) { return json::encode_document(value); }

} // namespace hvc
