// Errors as the library would make them, for tests of their faces.
#pragma once

#include "error_builder.hpp"

namespace hvc::tools::test {

inline error with_standard(error_kind kind, std::string_view reason, standard_error standard, int status) {
  error::detail detail;
  detail.standard = std::make_shared<standard_error const>(std::move(standard));
  return error_builder(error(kind, reason))
      .stage(stage::head)
      .http_status(status)
      .attempts(1)
      .detail(std::move(detail))
      .build();
}

inline error with_certificate(std::string_view reason, std::string sha256) {
  error::detail detail;
  detail.certificate_sha256 = std::move(sha256);
  return error_builder(error(error_kind::tls_verify, reason))
      .stage(stage::handshake)
      .attempts(1)
      .detail(std::move(detail))
      .build();
}

inline standard_error not_found() {
  standard_error e;
  e.error_type = error_type::not_found;
  e.messages = {{"com.example.a", "The provider is unknown.", {"p"}, {}, {}}, {"com.example.b", "No row.", {}, {}, {}}};
  return e;
}

} // namespace hvc::tools::test
