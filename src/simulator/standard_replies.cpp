#include "standard_replies.hpp"

#include <hvc/codec.hpp>

#include <boost/json.hpp>

#include <algorithm>
#include <cctype>

namespace hvc::simulation {

localizable_message message(std::string_view id, std::string_view text, std::vector<std::string> args) {
  localizable_message m;
  m.id = id;
  m.default_message = text;
  m.args = std::move(args);
  return m;
}

standard_error make_error(error_type type, localizable_message first) {
  standard_error e;
  e.error_type = type;
  e.messages.push_back(std::move(first));
  return e;
}

int natural_status(error_type type) noexcept {
  switch (type) {
  case error_type::unauthenticated:
    return 401;
  case error_type::unauthorized:
    return 403;
  case error_type::not_found:
  case error_type::operation_not_found:
    return 404;
  case error_type::concurrent_change:
    return 409;
  case error_type::service_unavailable:
    return 503;
  case error_type::unknown:
  case error_type::error:
  case error_type::internal_server_error:
  case error_type::resource_busy:
  case error_type::resource_inaccessible:
  case error_type::timed_out:
  case error_type::unable_to_allocate_resource:
    return 500;
  default:
    return 400;
  }
}

canned_reply reply_with(standard_error const& e, int status) {
  canned_reply r(status != 0 ? status : natural_status(e.error_type), encode(e));
  if (e.challenge)
    r.fields.emplace_back("www-authenticate", *e.challenge);
  return r;
}

canned_reply route_unknown() {
  return reply_with(make_error(error_type::not_found, message("com.vmware.vapi.rest.httpNotFound", "Not found.")));
}

canned_reply resource_unknown(std::string_view what, std::string_view id) {
  auto const text = "The " + std::string(what) + " '" + std::string(id) + "' does not exist.";
  auto const message_id = "com.vmware.hvc." + std::string(what) + ".not_found";
  return reply_with(make_error(error_type::not_found, message(message_id, text, {std::string(id)})));
}

canned_reply unauthenticated() {
  auto e = make_error(error_type::unauthenticated,
                      message("com.vmware.vapi.endpoint.method.authentication.required", "Authentication required."));
  e.challenge = R"(Basic realm="VAPI endpoint",SIGN realm="VAPI endpoint",service="VAPI endpoint")";
  return reply_with(e);
}

canned_reply session_limit_reached(unsigned limit) {
  auto const n = std::to_string(limit);
  return reply_with(
      make_error(error_type::service_unavailable,
                 message("com.vmware.vapi.endpoint.failedToLoginMaxUserSessionCountReached",
                         "User session count is limited to " + n + ". Existing session count is " + n + '.', {n, n})));
}

namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return out;
}

// The shapes the page has for `data`, each with a type it suits.
std::string demonstration_data(error_type type, std::string_view provider) {
  switch (type) {
  case error_type::invalid_argument:
    return R"({"primary":"provider","secondary":[]})";
  case error_type::not_found:
    return boost::json::serialize(
        boost::json::object{{"type", "com.vmware.vcenter.hvc.sync.Providers"}, {"id", provider}});
  case error_type::resource_busy:
  case error_type::service_unavailable:
  case error_type::timed_out:
    return R"({"is_transient":true})";
  default:
    return {};
  }
}

} // namespace

canned_reply demonstration_of(error_type type, std::string_view link, std::string_view provider) {
  std::string const name(enum_names<error_type>::name(type));
  auto e = make_error(type, message("com.vmware.vapi.std.errors." + lower(name),
                                    "The provider '" + std::string(provider) + "' of link '" + std::string(link) +
                                        "' always fails with " + name + '.',
                                    {std::string(link), std::string(provider)}));
  if (auto data = demonstration_data(type, provider); !data.empty())
    e.data = error_data(std::move(data));
  if (type == error_type::unauthenticated)
    e.challenge = R"(Basic realm="VAPI endpoint")";
  return reply_with(e);
}

} // namespace hvc::simulation
