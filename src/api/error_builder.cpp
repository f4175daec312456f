#include "error_builder.hpp"

#include <new>

namespace hvc {

error_builder::error_builder(failure f) : error_(f.kind, f.reason) {
  stage(f.stage).code(f.code);
  if (f.text.empty() && f.certificate_sha256.empty())
    return;
  error::detail d;
  d.text = std::move(f.text);
  d.certificate_sha256 = std::move(f.certificate_sha256);
  detail(std::move(d));
}

error_builder& error_builder::detail(error::detail d) noexcept {
  try {
    error_.detail_ = std::make_shared<error::detail const>(std::move(d));
  } catch (std::bad_alloc const&) {
  }
  return *this;
}

} // namespace hvc
