#include "decode_dom.hpp"

#include <hvc/codec.hpp>

#include <boost/json.hpp>

namespace bench {

namespace {

namespace json = boost::json;

std::string text(json::value const& v) { return std::string(v.as_string()); }

hvc::date_time date(json::value const& v) { return hvc::parse_date_time(v.as_string()).value(); }

template <class Optional, class Read> void read(Optional& to, json::object const& from, char const* name, Read how) {
  if (auto const* member = from.if_contains(name))
    to = how(*member);
}

hvc::nested_localizable_message nested(json::value const& v);

hvc::localization_params params(json::value const& v) {
  hvc::localization_params all;
  for (auto const& member : v.as_object()) {
    json::object const& from = member.value().as_object();
    hvc::localization_param p;
    auto const integer = [](json::value const& i) { return i.to_number<std::int64_t>(); };
    read(p.s, from, "s", text);
    read(p.dt, from, "dt", date);
    read(p.i, from, "i", integer);
    read(p.d, from, "d", [](json::value const& d) { return d.to_number<double>(); });
    read(p.l, from, "l", nested);
    read(p.format, from, "format",
         [](json::value const& f) { return hvc::open_enum<hvc::date_time_format>::from_name(f.as_string()); });
    read(p.precision, from, "precision", integer);
    all.push_back({std::string(member.key()), std::move(p)});
  }
  return all;
}

hvc::nested_localizable_message nested(json::value const& v) {
  json::object const& from = v.as_object();
  hvc::nested_localizable_message m;
  m.id = text(from.at("id"));
  read(m.params, from, "params", params);
  return m;
}

hvc::localizable_message message(json::value const& v) {
  json::object const& from = v.as_object();
  hvc::localizable_message m;
  m.id = text(from.at("id"));
  m.default_message = text(from.at("default_message"));
  for (auto const& arg : from.at("args").as_array())
    m.args.push_back(text(arg));
  read(m.params, from, "params", params);
  read(m.localized, from, "localized", text);
  return m;
}

hvc::session_info session(json::value const& v) {
  json::object const& from = v.as_object();
  hvc::session_info s;
  s.stage = hvc::open_enum<hvc::sync_stage>::from_name(from.at("stage").as_string());
  s.completed_work = from.at("completed_work").to_number<std::int64_t>();
  s.total_work = from.at("total_work").to_number<std::int64_t>();
  s.start_time = date(from.at("start_time"));
  read(s.completion_time, from, "completion_time", date);
  read(s.exception, from, "exception", message);
  return s;
}

} // namespace

hvc::sync_info decode_dom(std::string_view text_of_reply) {
  json::value const document = json::parse(json::string_view(text_of_reply.data(), text_of_reply.size()));
  json::object const& from = document.as_object();
  hvc::sync_info info;
  read(info.last_sync_time, from, "last_sync_time", date);
  info.status = hvc::open_enum<hvc::sync_status>::from_name(from.at("status").as_string());
  info.polling_interval_in_seconds = from.at("polling_interval_in_seconds").to_number<std::int64_t>();
  read(info.current_session_info, from, "current_session_info", session);
  read(info.status_message, from, "status_message", message);
  return info;
}

} // namespace bench
