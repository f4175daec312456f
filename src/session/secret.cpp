#include "session/secret.hpp"

#include <openssl/crypto.h>

namespace hvc::session {

void cleanse(std::string& s) noexcept {
  OPENSSL_cleanse(s.data(), s.size());
  s.clear();
}

} // namespace hvc::session
