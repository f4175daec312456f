// Certificates in words. A server may put anything into one, so every text is cut and cleaned.
#include "certificate.hpp"

#include "hex.hpp"

#include <openssl/x509v3.h>

#include <algorithm>
#include <arpa/inet.h>
#include <ctime>

namespace hvc::tls {
namespace {

constexpr std::size_t longest_text = 100;

std::string cleaned(std::string_view text) {
  std::string clean(text.substr(0, longest_text));
  std::ranges::replace_if(
      clean, [](char c) { return c < ' ' || c > '~'; }, '?');
  if (text.size() > longest_text)
    clean += "...";
  return clean;
}

std::string_view bytes_of(ASN1_STRING const* s) noexcept {
  return {reinterpret_cast<char const*>(ASN1_STRING_get0_data(s)), static_cast<std::size_t>(ASN1_STRING_length(s))};
}

std::string address_of(std::string_view bytes) {
  char text[INET6_ADDRSTRLEN] = "";
  if (bytes.size() == 4)
    inet_ntop(AF_INET, bytes.data(), text, sizeof text);
  else if (bytes.size() == 16)
    inet_ntop(AF_INET6, bytes.data(), text, sizeof text);
  return *text ? text : "an address of " + std::to_string(bytes.size()) + " bytes";
}

// Empty for the kinds of names no server is asked for.
std::string text_of(GENERAL_NAME const* name) {
  int type = 0;
  auto const* const value = static_cast<ASN1_STRING const*>(GENERAL_NAME_get0_value(name, &type));
  if (type == GEN_DNS)
    return cleaned(bytes_of(value));
  if (type == GEN_IPADD)
    return address_of(bytes_of(value));
  return {};
}

std::string text_of(X509_NAME const* name) {
  owned_bio const out{BIO_new(BIO_s_mem())};
  char* data = nullptr;
  if (!out || X509_NAME_print_ex(out.get(), name, 0, XN_FLAG_RFC2253) < 0)
    return "?";
  auto const size = BIO_get_mem_data(out.get(), &data);
  return size > 0 ? cleaned({data, static_cast<std::size_t>(size)}) : "nobody";
}

std::string text_of(ASN1_TIME const* time) {
  std::tm t{};
  if (ASN1_TIME_to_tm(time, &t) != 1)
    return "?";
  char text[32];
  auto const size = std::strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &t);
  return {text, size};
}

} // namespace

tls_options::digest digest_of(X509 const* certificate) noexcept {
  tls_options::digest digest{};
  X509_digest(certificate, EVP_sha256(), digest.data(), nullptr);
  return digest;
}

std::string to_text(tls_options::digest const& digest) {
  std::string text;
  text.reserve(digest.size() * 3);
  for (auto const byte : digest) {
    if (!text.empty())
      text += ':';
    text += upper_hex_digits[byte >> 4];
    text += upper_hex_digits[byte & 15];
  }
  return text;
}

std::string without_colons(std::string_view digest) {
  std::string digits(digest);
  std::erase(digits, ':');
  return digits;
}

std::string names_of(X509 const* certificate, int most) {
  std::unique_ptr<GENERAL_NAMES, releases<GENERAL_NAMES_free>> const names{
      static_cast<GENERAL_NAMES*>(X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr))};
  std::string text;
  int told = 0;
  int untold = 0;
  for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
    auto const name = told < most ? text_of(sk_GENERAL_NAME_value(names.get(), i)) : std::string{};
    if (name.empty()) {
      ++untold;
      continue;
    }
    text.append(told++ == 0 ? "" : ", ").append(name);
  }
  if (told == 0)
    return "no name";
  return untold == 0 ? text : text + " and " + std::to_string(untold) + " more";
}

std::string validity_of(X509 const* certificate) {
  return text_of(X509_get0_notBefore(certificate)) + " to " + text_of(X509_get0_notAfter(certificate)) + " UTC";
}

std::string subject_of(X509 const* certificate) { return text_of(X509_get_subject_name(certificate)); }
std::string issuer_of(X509 const* certificate) { return text_of(X509_get_issuer_name(certificate)); }

} // namespace hvc::tls
