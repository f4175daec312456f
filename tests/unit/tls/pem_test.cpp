#include "tls/pem.hpp"

#include "peer.hpp"

#include "catch.hpp"

#include <openssl/pem.h>

using namespace hvc::tls;
using hvc::tls::test::good;
using hvc::tls::test::root;

namespace {

pem_source source(std::string text) { return {"ca_pem", {}, std::move(text)}; }

std::string encrypted_key() {
  owned_bio const out{BIO_new(BIO_s_mem())};
  REQUIRE(PEM_write_bio_PrivateKey(out.get(), good().key(), EVP_aes_128_cbc(),
                                   reinterpret_cast<unsigned char const*>("pw"), 2, nullptr, nullptr) == 1);
  char* data = nullptr;
  auto const size = BIO_get_mem_data(out.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

} // namespace

TEST_CASE("all certificates of a text are read, with words between them") {
  auto const read =
      certificates_in(source("first\n" + root().certificate_pem() + "second\n" + good().certificate_pem() + "end\n"));
  REQUIRE(read.has_value());
  CHECK(read->size() == 2);
}

TEST_CASE("a text without what is looked for is refused, naming the option") {
  for (auto const& text : {std::string(), std::string("nothing"), good().key_pem()}) {
    auto const read = certificates_in(source(text));
    REQUIRE_FALSE(read.has_value());
    CHECK(read.error().kind() == hvc::error_kind::invalid_argument);
    CHECK(read.error().reason() == "ca_pem");
    CHECK(read.error().message().find("ca_pem: holds no PEM certificate") != std::string::npos);
  }
  CHECK_FALSE(revocation_lists_in(source(good().certificate_pem())).has_value());
  CHECK_FALSE(key_in(source(good().certificate_pem())).has_value());
}

TEST_CASE("one damaged certificate among good ones is refused, not skipped") {
  auto damaged = good().certificate_pem();
  damaged[damaged.size() / 2] = '!';
  auto const read = certificates_in(source(root().certificate_pem() + damaged));
  REQUIRE_FALSE(read.has_value());
  CHECK(read.error().message().find("entry 2") != std::string::npos);
}

TEST_CASE("an encrypted key is refused without a question at the terminal") {
  auto const read = key_in(source(encrypted_key()));
  REQUIRE_FALSE(read.has_value());
  CHECK(read.error().message().find("encrypted") != std::string::npos);
}

TEST_CASE("a file that is not there is refused with the system's reason") {
  auto const read = pem_source::load("crl_file", "/nowhere/at/all.pem");
  REQUIRE_FALSE(read.has_value());
  CHECK(read.error().reason() == "crl_file");
  CHECK(read.error().message().find("/nowhere/at/all.pem: No such file") != std::string::npos);
  CHECK_FALSE(pem_source::load("ca_file", "/").has_value());         // a folder
  CHECK_FALSE(pem_source::load("ca_file", "/dev/zero").has_value()); // endless
}
