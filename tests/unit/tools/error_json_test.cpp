#include "tools/sync/error_json.hpp"

#include "tools/sync/exit_code.hpp"

#include "catch.hpp"
#include "error_face.hpp"

#include <boost/json/parse.hpp>

using namespace hvc;
using namespace hvc::tools;
using namespace hvc::tools::test;

namespace {

// The members in their order, or "error: ..." for what is no such face.
std::string names_of(std::string const& face) {
  auto const document = boost::json::parse(face).as_object();
  REQUIRE(document.size() == 1);
  std::string names;
  for (auto const& member : document.at("error").as_object())
    names.append(member.key().data(), member.key().size()).append(" ");
  return names;
}

boost::json::object inner(error const& e) { return boost::json::parse(error_json(e)).at("error").as_object(); }

} // namespace

TEST_CASE("an error without a reply has no status and no standard error") {
  error const e = error_builder(error(error_kind::connect)).stage(stage::connect).retryable(true).attempts(3).build();
  CHECK(names_of(error_json(e)) == "kind stage message retryable attempts ");
  auto const face = inner(e);
  CHECK(face.at("kind") == "connect");
  CHECK(face.at("stage") == "connect");
  CHECK(face.at("retryable") == true);
  CHECK(face.at("attempts") == 3);
}

TEST_CASE("a standard error shows its type, its messages and its data") {
  auto standard = not_found();
  standard.data = error_data(R"({"n":123456789012345678901234567890,"d":1.50})");
  auto const text = error_json(with_standard(error_kind::standard, {}, standard, 404));
  CHECK(names_of(text) == "kind stage message retryable attempts http_status error_type messages data ");
  CHECK(text.find(R"("error_type":"NOT_FOUND","messages":[{"id":"com.example.a")") != std::string::npos);
  CHECK(text.find(R"("data":{"n":123456789012345678901234567890,"d":1.50}}})") != std::string::npos);
  CHECK(inner(with_standard(error_kind::standard, {}, standard, 404)).at("messages").as_array().size() == 2);
}

TEST_CASE("an error is one line, however many the server made of its data") {
  auto standard = not_found();
  standard.data = error_data("{\n  \"a b\": [1.50,\r\n\t2],\n  \"c\": \"d \\\" e\\\\\", \"f\": \" g\"\n}");
  auto const text = error_json(with_standard(error_kind::standard, {}, standard, 404));
  CHECK(text.find('\n') == std::string::npos);
  CHECK(text.find(R"("data":{"a b":[1.50,2],"c":"d \" e\\","f":" g"}}})") != std::string::npos);
}

TEST_CASE("a standard error without messages and data shows an empty array and no data") {
  standard_error standard;
  standard.error_type = open_enum<error_type>::from_name("NEWER \"ONE\"");
  auto const face = inner(with_standard(error_kind::standard, {}, standard, 500));
  CHECK(face.at("messages").as_array().empty());
  CHECK(face.at("error_type") == "NEWER \"ONE\"");
  CHECK(!face.contains("data"));
}

TEST_CASE("the reason stands beside the kind") {
  auto const face = inner(with_certificate("expired", "AB:CD"));
  CHECK(face.at("kind") == "tls_verify");
  CHECK(face.at("reason") == "expired");
}

TEST_CASE("exit codes tell a server's error, an impossible argument, a lack of time and all else apart") {
  CHECK(exit_code(with_standard(error_kind::standard, {}, not_found(), 404)) == 1);
  CHECK(exit_code(with_standard(error_kind::route_unknown, {}, not_found(), 404)) == 1);
  CHECK(exit_code(with_standard(error_kind::auth, "login_refused", not_found(), 401)) == 1);
  CHECK(exit_code(error(error_kind::invalid_argument, "link")) == 2);
  CHECK(exit_code(error(error_kind::deadline)) == 4);
  CHECK(exit_code(error(error_kind::attempt_timeout)) == 4);
  CHECK(exit_code(error(error_kind::canceled)) == 4);
  CHECK(exit_code(with_standard(error_kind::deadline, {}, not_found(), 503)) == 4);
  for (auto const kind :
       {error_kind::resolve, error_kind::connect, error_kind::connect_timeout, error_kind::tls_verify,
        error_kind::tls_handshake, error_kind::tls_timeout, error_kind::pool_full, error_kind::connection_lost,
        error_kind::protocol, error_kind::limit, error_kind::content, error_kind::decode, error_kind::http_status,
        error_kind::auth, error_kind::resource, error_kind::closed}) {
    CAPTURE(to_string(kind));
    CHECK(exit_code(error(kind)) == 3);
  }
}
