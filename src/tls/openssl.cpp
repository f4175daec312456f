// OpenSSL's error queue, read in one place.
#include "openssl.hpp"

#include <openssl/err.h>

#include <cstring>

namespace hvc::tls {
namespace {

class openssl_category final : public boost::system::error_category {
public:
  char const* name() const noexcept override { return "openssl"; }
  std::string message(int code) const override { return words_of(static_cast<unsigned>(code)); }
};

} // namespace

unsigned long take_error() noexcept {
  auto const code = ERR_peek_error();
  ERR_clear_error();
  return code;
}

std::string words_of(unsigned long code) {
  if (ERR_SYSTEM_ERROR(code))
    return std::strerror(ERR_GET_REASON(code));
  if (auto const* const text = ERR_reason_error_string(code))
    return text;
  return "no reason given";
}

boost::system::error_code error_code_of(unsigned long code) noexcept {
  static openssl_category const category;
  return {static_cast<int>(code), category};
}

} // namespace hvc::tls
