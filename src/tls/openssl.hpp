// The objects of OpenSSL that this layer owns, and OpenSSL's own words for what went wrong.
#pragma once

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <boost/system/error_code.hpp>

#include <memory>
#include <string>

namespace hvc::tls {

template <auto Free> struct releases {
  template <class T> void operator()(T* p) const noexcept { Free(p); }
};
using owned_bio = std::unique_ptr<BIO, releases<BIO_free>>;
using owned_certificate = std::unique_ptr<X509, releases<X509_free>>;
using owned_revocation_list = std::unique_ptr<X509_CRL, releases<X509_CRL_free>>;
using owned_key = std::unique_ptr<EVP_PKEY, releases<EVP_PKEY_free>>;
using owned_context = std::unique_ptr<SSL_CTX, releases<SSL_CTX_free>>;
using owned_connection = std::unique_ptr<SSL, releases<SSL_free>>;
using owned_session = std::unique_ptr<SSL_SESSION, releases<SSL_SESSION_free>>;

// Empties this thread's error queue. Looks first: emptying an empty one costs as much as sealing 100 bytes.
inline void clear_errors() noexcept {
  if (ERR_peek_error() != 0)
    ERR_clear_error();
}
// The first error in this thread's queue, 0 if there is none; empties the queue. The first is the cause: later entries
// only say who passed it on.
[[nodiscard]] unsigned long take_error() noexcept;
// What that error says, such as "bad signature"; never empty.
[[nodiscard]] std::string words_of(unsigned long code);
// The same as an error_code of OpenSSL's own category.
[[nodiscard]] boost::system::error_code error_code_of(unsigned long code) noexcept;

} // namespace hvc::tls
