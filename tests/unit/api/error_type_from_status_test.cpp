#include <hvc/codec.hpp>

#include "catch.hpp"

using hvc::error_type;

TEST_CASE("each HTTP status stands for one error type") {
  using enum error_type;
  struct row {
    error_type type;
    std::vector<int> statuses;
  };
  row const rows[] = {{invalid_request, {400, 405, 406, 411, 412, 413, 414, 415, 417, 422, 424, 426, 431, 505, 510}},
                      {unauthenticated, {401, 407, 511}},
                      {unauthorized, {402, 403}},
                      {not_found, {404, 410}},
                      {timed_out, {408, 504}},
                      {concurrent_change, {409, 428}},
                      {resource_inaccessible, {416}},
                      {resource_busy, {423}},
                      {service_unavailable, {429, 503}},
                      {unable_to_allocate_resource, {507, 509}},
                      {hvc::error_type::error, {418, 501, 300, 302, 499, 100, 0, -1}},
                      {internal_server_error, {500, 502, 506, 508, 599}}};
  for (auto const& [type, statuses] : rows)
    for (int const status : statuses) {
      INFO(status);
      CHECK(hvc::error_type_from_status(status) == type);
    }
}
