// Honest replies, rightly framed, with a body that is not what the page promises.
#include "faults.hpp"

#include <array>

namespace hvc::simulation {
namespace {

script other_body(honest_reply const& h, std::string body) {
  return {{step::act::send, h.with_body(std::move(body)).bytes()}};
}

script other_type(honest_reply const& h, std::string type) {
  auto w = h.as_usual();
  w.set("content-type", std::move(type));
  return {{step::act::send, w.bytes()}};
}

// An Info whose status is this JSON; the rest is as small as the page allows.
script with_status(honest_reply const& h, std::string_view json) {
  return other_body(h, R"({"polling_interval_in_seconds":300,"status":)" + std::string(json) + '}');
}

// The reply with these members put before its own; for a reply that is no object, as it is.
script with_members(honest_reply const& h, std::string_view members) {
  auto body = h.reply.body;
  if (body.starts_with('{'))
    body.insert(1, std::string(members) + (body == "{}" ? "" : ","));
  return other_body(h, std::move(body));
}

std::string nested(unsigned depth) { return std::string(depth, '[') + std::string(depth, ']'); }

} // namespace

std::span<fault const> body_faults() noexcept {
  using h = honest_reply const&;
  static constexpr std::array table{
      fault{"no-json", "J2", "half of the JSON, with the right length",
            +[](h r) { return other_body(r, r.reply.body.substr(0, r.reply.body.size() / 2)); }},
      fault{"trailing-junk", "J3", "a second document behind the first",
            +[](h r) { return other_body(r, r.reply.body + "{}"); }},
      fault{"bom", "J4", "a byte order mark before the JSON",
            +[](h r) { return other_body(r, "\xEF\xBB\xBF" + r.reply.body); }},
      fault{"bad-utf8", "J5", "a string that is no UTF-8",
            +[](h r) { return with_members(r, "\"localized_name\":\"\xC0\xAF\""); }},
      fault{"deep", "J6", "500 arrays, one in another",
            +[](h r) { return with_members(r, "\"future\":" + nested(500)); }},
      fault{"bad-number", "J7", "a polling interval of 1e9999",
            +[](h r) { return other_body(r, R"({"status":"SUCCEEDED","polling_interval_in_seconds":1e9999})"); }},
      fault{"not-a-number", "J8", "a polling interval of NaN",
            +[](h r) { return other_body(r, R"({"status":"SUCCEEDED","polling_interval_in_seconds":NaN})"); }},
      fault{"duplicate", "J10", "the status twice",
            +[](h r) {
              return other_body(r, R"({"status":"FAILED","status":"SUCCEEDED","polling_interval_in_seconds":300})");
            }},
      fault{"missing", "J11", "no status",
            +[](h r) { return other_body(r, R"({"polling_interval_in_seconds":300})"); }},
      fault{"wrong-type", "J12", "a status that is a number", +[](h r) { return with_status(r, "1"); }},
      fault{"null", "J13", "a status that is null", +[](h r) { return with_status(r, "null"); }},
      fault{"unknown-status", "J14", "a status of the future", +[](h r) { return with_status(r, R"("PAUSED")"); }},
      fault{"unknown-member", "J16", "a member of the future",
            +[](h r) { return with_members(r, R"("future":{"a":[1,null,{"b":"c"}]})"); }},
      fault{"bad-time", "J17", "a date without its zone",
            +[](h r) {
              return other_body(r, R"({"status":"SUCCEEDED","polling_interval_in_seconds":300,)"
                                   R"("last_sync_time":"2026-03-14T09:26:53"})");
            }},
      fault{"text-html", "H33", "the JSON, called text/html", +[](h r) { return other_type(r, "text/html"); }},
      fault{"utf-16", "", "the JSON, called utf-16",
            +[](h r) { return other_type(r, "application/json; charset=utf-16"); }},
  };
  return table;
}

} // namespace hvc::simulation
