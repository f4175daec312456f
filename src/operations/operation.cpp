#include "operations/operation.hpp"

#include "api/sanitise.hpp"
#include "error_builder.hpp"
#include "http/field.hpp"
#include "http/path_segment.hpp"
#include "operations/decode_json.hpp"

namespace hvc::detail {
namespace {

error refuse(std::string_view which, http::segment_error why) {
  if (why == http::segment_error::too_long)
    return error_builder(error(error_kind::limit, "path"))
        .detail({.text = "the " + std::string(which) + " id is longer than 2,048 encoded bytes"})
        .build();
  std::string_view const what = why == http::segment_error::empty ? " id is empty" : " id must not be \".\" or \"..\"";
  return error_builder(error(error_kind::invalid_argument, which))
      .detail({.text = "the " + std::string(which) + std::string(what)})
      .build();
}

} // namespace

bool write_target(operation const& op, std::string_view link, std::string_view provider, std::string& target,
                  error& refused) {
  target.clear();
  std::string_view rest = op.path;
  for (auto brace = rest.find('{'); brace != std::string_view::npos; brace = rest.find('{')) {
    target.append(rest.substr(0, brace));
    rest.remove_prefix(brace);
    bool const is_link = rest.starts_with("{link}");
    if (auto const why = http::append_segment(target, is_link ? link : provider); why != http::segment_error::none) {
      refused = refuse(is_link ? "link" : "provider", why);
      return false;
    }
    rest.remove_prefix(rest.find('}') + 1);
  }
  target.append(rest);
  return true;
}

// Of the operations that answer nothing. A body of another kind than the API's is a portal's or a proxy's, which may
// have kept the request to itself.
template <> result<void> decode(outcome& o) noexcept {
  if (o.error)
    return *std::move(o.error);
  try {
    auto refused = unusable_content(o);
    if (!refused || refused->reason() == "empty")
      return {};
    return error_builder(decoding_error(o, *std::move(refused))).may_have_taken_effect(true).build();
  } catch (std::bad_alloc const&) {
    return error_builder(decoding_error(o, error(error_kind::resource, "memory"))).may_have_taken_effect(true).build();
  }
}

std::optional<error> unusable_content(outcome const& o) {
  auto const& r = o.reply;
  std::string_view const body = r.text(r.body);
  std::string_view const type = r.text(r.content_type);
  error::detail d;
  std::string_view reason;
  if (!r.text(r.content_encoding).empty()) { // never asked for, never inflated
    reason = "encoding";
    d.text = "the reply is encoded (" + sanitised(r.text(r.content_encoding), 32) + ")";
  } else if (body.find_first_not_of(" \t\r\n") == std::string_view::npos) {
    reason = "empty";
    d.text = "the reply has no body";
  } else if (!type.empty() && !http::is_json(type)) {
    reason = "type";
    d.text = "the reply is no JSON but " + sanitised(type, longest_content_type);
    d.body_excerpt = sanitised(body, longest_excerpt);
  } else {
    return std::nullopt;
  }
  d.content_type = sanitised(type, longest_content_type);
  return error_builder(error(error_kind::content, reason)).detail(std::move(d)).build();
}

error decoding_error(outcome const& o, error e) noexcept {
  if (o.secrets != nullptr)
    e = o.secrets->without_secrets(std::move(e), o.authorization);
  return error_builder(std::move(e))
      .stage(stage::decode)
      .http_status(o.reply.status)
      .attempts(o.attempts)
      .elapsed(o.elapsed)
      .connection_reused(o.connection_reused)
      .build();
}

} // namespace hvc::detail
