// Certificates, keys and revocation lists out of PEM text or files. Failures are invalid_argument, name the option they
// come from, and never quote the text.
#pragma once

#include "openssl.hpp"

#include <hvc/result.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace hvc::tls {

// Where a text came from: the option, and the file's path if it was one.
struct pem_source {
  std::string_view option; // of static storage
  std::string path;
  std::string text;

  // Reads the file.
  [[nodiscard]] static result<pem_source> load(std::string_view option, std::string const& path);
  [[nodiscard]] error refused(std::string_view why) const;
};

// All of each kind in the text, at least one.
[[nodiscard]] result<std::vector<owned_certificate>> certificates_in(pem_source const& source);
[[nodiscard]] result<std::vector<owned_revocation_list>> revocation_lists_in(pem_source const& source);
// The one private key. An encrypted one is refused: nobody is there to type a pass phrase.
[[nodiscard]] result<owned_key> key_in(pem_source const& source);

} // namespace hvc::tls
