#include "session/authorization.hpp"

#include "api/json_reader.hpp"
#include "session/secret.hpp"

#include <openssl/evp.h>

#include <algorithm>

namespace hvc::session {

std::string basic_line(std::string_view user, std::string_view password) {
  constexpr std::string_view field = "Authorization: Basic ";
  std::string plain;
  plain.reserve(user.size() + 1 + password.size());
  plain.append(user).append(1, ':').append(password);
  std::string line; // never grows: what it grew out of would stay in memory that was freed
  line.resize(field.size() + 4 * ((plain.size() + 2) / 3) + 1); // EVP_EncodeBlock ends with a NUL
  field.copy(line.data(), field.size());
  int const n = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(line.data() + field.size()),
                                reinterpret_cast<unsigned char const*>(plain.data()), static_cast<int>(plain.size()));
  line.resize(field.size() + static_cast<std::size_t>(n));
  cleanse(plain);
  return line;
}

bool is_token(std::string_view text) noexcept {
  constexpr std::size_t longest = 4096;
  return !text.empty() && text.size() <= longest &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
}

std::optional<std::string> parse_token(std::string_view body) {
  json::reader in(body, 1);
  std::string token;
  if (!(in.begin() && in.string(token) && in.finish() && is_token(token))) {
    cleanse(token);
    return std::nullopt;
  }
  return token;
}

} // namespace hvc::session
