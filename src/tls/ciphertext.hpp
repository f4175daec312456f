// Both directions of one connection's ciphertext, and the BIO through which OpenSSL reaches them without a copy of its
// own. Knows no TLS.
#pragma once

#include "openssl.hpp"

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace hvc::tls {

struct ciphertext {
  std::span<char const> input; // not yet read by OpenSSL
  std::string output;
  std::size_t output_sent = 0; // of output, from its front
  std::array<char, 5> first{}; // the first bytes ever read: whether the peer speaks TLS at all
  std::size_t first_size = 0;
  bool cut = false;           // reads fail from now on: the peer made us work enough
  bool out_of_memory = false; // output could not grow

  // A BIO over *this for both directions, which must not move or die before it.
  [[nodiscard]] owned_bio make_bio();
};

} // namespace hvc::tls
