#include <hvc/result.hpp>

#include "error_builder.hpp"

#include "catch.hpp"

#include <set>

using namespace hvc;

TEST_CASE("every kind and every stage has a name of its own") {
  std::set<std::string_view> names;
  for (int i = 0; i <= int(error_kind::closed); ++i)
    names.insert(to_string(static_cast<error_kind>(i)));
  CHECK(names.size() == std::size_t(error_kind::closed) + 1);
  CHECK(names.count("") == 0);
  CHECK(to_string(error_kind::tls_verify) == "tls_verify");
  CHECK(to_string(error_kind::invalid_argument) == "invalid_argument");
  CHECK(to_string(error_kind::closed) == "closed");
  names.clear();
  for (int i = 0; i <= int(stage::back_off); ++i)
    names.insert(to_string(static_cast<stage>(i)));
  CHECK(names.size() == std::size_t(stage::back_off) + 1);
  CHECK(to_string(stage::handshake) == "handshake");
  CHECK(to_string(stage::back_off) == "back_off");
}

TEST_CASE("an error without detail has empty texts and no standard error") {
  error const e(error_kind::deadline);
  CHECK(e.standard() == nullptr);
  CHECK(e.content_type().empty());
  CHECK(e.body_excerpt().empty());
  CHECK(e.certificate_sha256().empty());
}

TEST_CASE("value() of a result without one throws the error") {
  result<int> const r = error(error_kind::limit, "body");
  try {
    (void)r.value();
    FAIL("did not throw");
  } catch (hvc::exception const& e) {
    CHECK(e.error().kind() == error_kind::limit);
    CHECK(e.what() == r.error().message());
  }
}
