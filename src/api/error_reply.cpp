#include "api/error_reply.hpp"

#include "api/sanitise.hpp"
#include "error_builder.hpp"

#include <algorithm>

namespace hvc {
namespace {

bool is_retryable(error_type type) noexcept {
  switch (type) {
  case error_type::service_unavailable:
  case error_type::resource_busy:
  case error_type::timed_out:
  case error_type::unable_to_allocate_resource:
    return true;
  default:
    return false;
  }
}

bool is_retryable(int status) noexcept {
  return status == 408 || status == 429 || status == 502 || status == 503 || status == 504;
}

// The type decides over the status where the server named one that is known.
bool is_retryable(standard_error const& e, int status) noexcept {
  if (!e.error_type_derived && e.error_type != error_type::unknown)
    return is_retryable(error_type(e.error_type));
  return is_retryable(error_type(e.error_type)) || is_retryable(status);
}

// What a vCenter says of a path none of its operations has; of a link or provider it does not have it says something
// else.
bool names_unknown_route(standard_error const& e) noexcept {
  if (e.error_type != error_type::not_found && e.error_type != error_type::operation_not_found)
    return false;
  return std::any_of(e.messages.begin(), e.messages.end(),
                     [](auto const& message) { return message.id == "com.vmware.vapi.rest.httpNotFound"; });
}

error standard(int status, standard_error&& e) {
  bool const retryable = is_retryable(e, status);
  auto const kind = names_unknown_route(e) ? error_kind::route_unknown : error_kind::standard;
  auto const reason = kind == error_kind::standard ? enum_names<error_type>::name(e.error_type) : std::string_view();
  error::detail detail;
  detail.standard = std::make_shared<standard_error const>(std::move(e));
  return error_builder(error(kind, reason))
      .stage(stage::body)
      .http_status(status)
      .retryable(retryable)
      .detail(std::move(detail))
      .build();
}

} // namespace

error error_from_reply(int status, std::string_view content_type, std::string_view body, decode_limits const& limits) {
  if (auto decoded = decode_standard_error(body, status, limits))
    return standard(status, std::move(*decoded));
  error::detail detail;
  detail.content_type = sanitised(content_type, longest_content_type);
  detail.body_excerpt = sanitised(body, longest_excerpt);
  return error_builder(error(error_kind::http_status))
      .stage(stage::body)
      .http_status(status)
      .retryable(is_retryable(status))
      .detail(std::move(detail))
      .build();
}

} // namespace hvc
