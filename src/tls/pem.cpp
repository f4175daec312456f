// PEM through OpenSSL's readers, with an answer for each way a text can be wrong.
#include "pem.hpp"

#include "error_builder.hpp"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

namespace hvc::tls {
namespace {

constexpr std::size_t largest_file = 16 * 1024 * 1024; // the bundles of systems have 0.2 MB

owned_bio reader_of(std::string const& text) {
  owned_bio reader{BIO_new_mem_buf(text.data(), static_cast<int>(text.size()))};
  if (!reader)
    throw std::bad_alloc();
  return reader;
}

// Without one of its own, OpenSSL would ask at the terminal.
int no_pass_phrase(char*, int, int, void*) { return -1; }

bool is_end_of_text(unsigned long code) {
  return ERR_GET_LIB(code) == ERR_LIB_PEM && ERR_GET_REASON(code) == PEM_R_NO_START_LINE;
}

template <class Owned, class Read>
result<std::vector<Owned>> all_in(pem_source const& source, Read read, std::string_view none) {
  std::vector<Owned> found;
  auto const reader = reader_of(source.text);
  ERR_clear_error();
  while (auto* const one = read(reader.get(), nullptr, no_pass_phrase, nullptr))
    found.emplace_back(one);
  auto const code = ERR_peek_last_error(); // the last: a bad entry is told by the reader of the text, around its cause
  auto const cause = take_error();
  if (!is_end_of_text(code))
    return source.refused("entry " + std::to_string(found.size() + 1) + " is damaged: " + words_of(cause));
  if (found.empty())
    return source.refused(none);
  return found;
}

} // namespace

result<pem_source> pem_source::load(std::string_view option, std::string const& path) {
  pem_source source{option, path, {}};
  std::unique_ptr<std::FILE, releases<std::fclose>> const file{std::fopen(path.c_str(), "rbe")};
  if (!file)
    return source.refused(std::strerror(errno));
  char block[16 * 1024];
  while (auto const n = std::fread(block, 1, sizeof block, file.get())) {
    source.text.append(block, n);
    if (source.text.size() > largest_file)
      return source.refused("the file is too large");
  }
  if (std::ferror(file.get()))
    return source.refused(std::strerror(errno));
  return source;
}

error pem_source::refused(std::string_view why) const {
  std::string where(option);
  if (!path.empty())
    where.append(" ").append(path);
  return error_builder(
             failure{.kind = error_kind::invalid_argument, .reason = option, .text = where.append(": ").append(why)})
      .build();
}

result<std::vector<owned_certificate>> certificates_in(pem_source const& source) {
  return all_in<owned_certificate>(source, PEM_read_bio_X509_AUX, "holds no PEM certificate");
}

result<std::vector<owned_revocation_list>> revocation_lists_in(pem_source const& source) {
  return all_in<owned_revocation_list>(source, PEM_read_bio_X509_CRL, "holds no PEM revocation list");
}

result<owned_key> key_in(pem_source const& source) {
  ERR_clear_error();
  owned_key key{PEM_read_bio_PrivateKey(reader_of(source.text).get(), nullptr, no_pass_phrase, nullptr)};
  auto const code = ERR_peek_last_error();
  auto const cause = take_error();
  if (key)
    return key;
  if (is_end_of_text(code))
    return source.refused("holds no PEM private key");
  return source.refused("no usable private key (an encrypted one cannot be used): " + words_of(cause));
}

} // namespace hvc::tls
