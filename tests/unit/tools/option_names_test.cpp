#include "tools/sync/option_names.hpp"

#include "catch.hpp"

using namespace hvc::tools;

TEST_CASE("a refusal by the library names the flag that was given, or the variable where none was") {
  CHECK(in_words_of(command_line({"-s", "x"}), "server: must begin with https://") ==
        "--server: must begin with https://");
  CHECK(in_words_of(command_line({"links"}), "server: must begin with https://") ==
        "HVC_SERVER: must begin with https://");
  CHECK(in_words_of(command_line({"--ca-file", "f"}), "tls.ca_file f: no PEM") == "--ca-file f: no PEM");
  CHECK(in_words_of(command_line({"links"}), "tls.ca_file f: no PEM") == "HVC_CA_FILE f: no PEM");
  CHECK(in_words_of(command_line({"links"}), "tls.client_certificate_file f: x") == "--cert f: x");
  CHECK(in_words_of(command_line({"links"}), "tls.client_key_file f: x") == "--key f: x");
  CHECK(in_words_of(command_line({"-u", "a:b"}), "credentials: the user must not") == "--user: the user must not");
  CHECK(in_words_of(command_line({"links"}), "credentials: the session token is no") ==
        "HVC_SESSION_TOKEN: the session token is no");
  CHECK(in_words_of(command_line({"links"}), "limits.head_bytes: must be") == "limits.head_bytes: must be");
}
