#include "vcenter.hpp"

#include "standard_replies.hpp"

#include <hvc/codec.hpp>
#include <hvc/simulator/simulator.hpp>

#include <boost/json.hpp>
#include <openssl/evp.h>

namespace hvc::simulation {
namespace {

constexpr std::string_view session_field = "vmware-api-session-id";
constexpr std::string_view demonstration_prefix = "error-";

std::string base64(std::string_view text) {
  std::string out(4 * ((text.size() + 2) / 3) + 1, '\0'); // and the NUL OpenSSL writes
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out.data()), reinterpret_cast<unsigned char const*>(text.data()),
                  static_cast<int>(text.size()));
  out.pop_back();
  return out;
}

canned_reply no_content() { return canned_reply(204, "", ""); }

canned_reply content_type_missing() {
  return reply_with(make_error(error_type::internal_server_error,
                               message("com.vmware.vapi.rest.unsupportedContentType", "Internal server error.")));
}

// The error type of `error-TYPE`, if that is what the provider is called.
error_type demonstrated_by(std::string_view provider) {
  if (!provider.starts_with(demonstration_prefix))
    return error_type::unknown;
  return enum_names<error_type>::find(provider.substr(demonstration_prefix.size()));
}

} // namespace

vcenter::vcenter(simulator_options const& o, std::uint64_t session_seed)
    : authorization_(o.authorization), session_limit_(o.session_limit), provider_body_(o.provider_body),
      sessions_(session_limits{o.session_idle, o.session_absolute, o.session_limit}, session_seed),
      world_(o.links, o.providers, o.sync_duration) {
  set_credentials(o.user, o.password);
}

void vcenter::set_credentials(std::string_view user, std::string_view password) {
  user_ = user;
  basic_ = user.empty() ? std::string() : "Basic " + base64(user_ + ':' + std::string(password));
}

void vcenter::set_reply(std::string_view link, std::string_view provider, canned_reply reply, unsigned times) {
  world_.set(link, provider, std::nullopt);
  replies_[{std::string(link), std::string(provider)}] = {std::move(reply), times};
}

bool vcenter::scripted::spend() noexcept {
  if (times == 0)
    return false;
  if (times != simulator::forever)
    --times;
  return true;
}

canned_reply vcenter::answer(simulated_request const& request, operation what, date_time now) {
  switch (what) {
  case operation::log_in:
    return log_in(request, now);
  case operation::log_out:
    return log_out(request, now);
  case operation::show_session:
    return show_session(request, now);
  default:
    break;
  }
  if (!may_ask(request, now))
    return unauthenticated();
  if (what == operation::unknown)
    return route_unknown();
  if (failure_.spend())
    return failure_.reply;
  if (what == operation::list_links)
    return canned_reply(200, encode(world_.list_links()));
  return answer_about_link(request, what, now);
}

canned_reply vcenter::log_in(simulated_request const& request, date_time now) {
  if (!request.field("content-type").starts_with("application/json"))
    return content_type_missing();
  auto const authorization = request.field("authorization");
  bool const anyone = basic_.empty() && authorization_.empty();
  if (!anyone && authorization.empty())
    return unauthenticated(); // no password was tried, so nothing is counted against the account
  bool const right = anyone || (!basic_.empty() && authorization == basic_) ||
                     (!authorization_.empty() && authorization == authorization_);
  auto const login = sessions_.log_in(user_.empty() ? "administrator@vsphere.local" : user_, right, now);
  if (login.what == sessions::outcome::refused)
    return unauthenticated();
  if (login.what == sessions::outcome::full)
    return session_limit_reached(session_limit_);
  ++logins_;
  return canned_reply(201, '"' + login.token + '"');
}

canned_reply vcenter::log_out(simulated_request const& request, date_time now) {
  if (!sessions_.log_out(request.field(session_field), now))
    return unauthenticated();
  ++logouts_;
  return no_content();
}

canned_reply vcenter::show_session(simulated_request const& request, date_time now) {
  auto const* const s = sessions_.use(request.field(session_field), now);
  if (s == nullptr)
    return unauthenticated();
  boost::json::object const shown{{"user", s->user},
                                  {"created_time", format_date_time(s->created)},
                                  {"last_accessed_time", format_date_time(s->last_accessed)}};
  return canned_reply(200, boost::json::serialize(shown));
}

bool vcenter::may_ask(simulated_request const& request, date_time now) {
  if (basic_.empty() && authorization_.empty())
    return true;
  if (!authorization_.empty() && request.field("authorization") == authorization_)
    return true;
  return sessions_.use(request.field(session_field), now) != nullptr;
}

canned_reply vcenter::answer_about_link(simulated_request const& request, operation what, date_time now) {
  if (!world_.has_link(request.link))
    return resource_unknown("link", request.link);
  switch (what) {
  case operation::show_link_health:
    return canned_reply(200, encode(world_.health_of(request.link)));
  case operation::reset_link:
    world_.reset(request.link);
    return no_content();
  case operation::list_providers:
    return canned_reply(200, encode(world_.list_providers(request.link)));
  default:
    return answer_about_provider(request, what, now);
  }
}

canned_reply vcenter::answer_about_provider(simulated_request const& request, operation what, date_time now) {
  if (auto const type = demonstrated_by(request.provider); type != error_type::unknown)
    return demonstration_of(type, request.link, request.provider);
  if (!world_.has_provider(request.link, request.provider))
    return resource_unknown("provider", request.provider);
  if (what == operation::show_provider_sync)
    return show_provider_sync(request, now);
  world_.start(request.link, request.provider, now);
  return no_content();
}

canned_reply vcenter::show_provider_sync(simulated_request const& request, date_time now) {
  if (!replies_.empty())
    if (auto const found = replies_.find({request.link, request.provider});
        found != replies_.end() && found->second.spend())
      return found->second.reply;
  if (!provider_body_.empty())
    return canned_reply(200, provider_body_);
  return canned_reply(200, encode(world_.info(request.link, request.provider, now)));
}

} // namespace hvc::simulation
