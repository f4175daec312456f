// Which standard error an HTTP status stands for, where the body does not say.
#include <hvc/codec.hpp>

namespace hvc {

error_type error_type_from_status(int http_status) noexcept {
  switch (http_status) {
  case 400:
  case 405:
  case 406:
  case 411:
  case 412:
  case 413:
  case 414:
  case 415:
  case 417:
  case 422:
  case 424:
  case 426:
  case 431:
  case 505:
  case 510:
    return error_type::invalid_request;
  case 401:
  case 407:
  case 511:
    return error_type::unauthenticated;
  case 402:
  case 403:
    return error_type::unauthorized;
  case 404:
  case 410:
    return error_type::not_found;
  case 408:
  case 504:
    return error_type::timed_out;
  case 409:
  case 428:
    return error_type::concurrent_change;
  case 416:
    return error_type::resource_inaccessible;
  case 423:
    return error_type::resource_busy;
  case 429:
  case 503:
    return error_type::service_unavailable;
  case 507:
  case 509:
    return error_type::unable_to_allocate_resource;
  case 501:
    return error_type::error;
  default:
    return http_status >= 500 && http_status <= 599 ? error_type::internal_server_error : error_type::error;
  }
}

} // namespace hvc
