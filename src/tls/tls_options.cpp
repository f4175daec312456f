// The setters of hvc::tls_options that do more than store.
#include <hvc/tls_options.hpp>

#include "hex.hpp"

#include <stdexcept>

namespace hvc {
namespace {

[[noreturn]] void refuse_pin() {
  throw std::invalid_argument(
      "pin_sha256: a SHA-256 digest is 64 hexadecimal digits, with or without a colon after every two");
}

} // namespace

tls_options& tls_options::system_trust() {
  ca_file_.clear();
  ca_pem_.clear();
  pins_.clear();
  insecure_ = false;
  return *this;
}

tls_options& tls_options::pin_sha256(std::string_view hex) {
  digest pin;
  bool const colons = hex.size() > 2 && hex[2] == ':';
  std::size_t const stride = colons ? 3 : 2;
  if (hex.size() != pin.size() * stride - (colons ? 1 : 0))
    refuse_pin();
  for (std::size_t i = 0; i != pin.size(); ++i) {
    auto const high = hex_value(hex[i * stride]);
    auto const low = hex_value(hex[i * stride + 1]);
    bool const separated = !colons || i + 1 == pin.size() || hex[i * stride + 2] == ':';
    if (high < 0 || low < 0 || !separated)
      refuse_pin();
    pin[i] = static_cast<unsigned char>(high * 16 + low);
  }
  pins_.push_back(pin);
  return *this;
}

} // namespace hvc
