// What a pure layer says when something failed: enough to build an hvc::error from, and no allocation where there is no
// detail. Knows neither calls nor attempts; the dispatcher adds those.
#pragma once

#include <hvc/error.hpp>

#include <string>
#include <string_view>

namespace hvc {

struct failure {
  error_kind kind = error_kind::closed;
  std::string_view reason = {}; // of static storage: the bracketed part of the kind
  hvc::stage stage = hvc::stage::queue;
  boost::system::error_code code = {}; // the system's own, if there was one
  std::string text = {};               // for a person: peer detail, sanitised; never a secret
  std::string certificate_sha256 = {}; // of the certificate refused, for tls_verify
};

} // namespace hvc
