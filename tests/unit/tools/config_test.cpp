#include "tools/sync/config.hpp"

#include "tools/sync/connection_flags.hpp"
#include "tools/sync/usage_error.hpp"

#include "catch.hpp"
#include "holds.hpp"

using namespace hvc::tools;
using hvc::test::holds;
using words = std::vector<std::string>;

namespace {

std::vector<configured_server> read_text(std::string_view text) { return parse_config(text, "/etc/hvc"); }

std::string refusal_of_text(std::string_view text) {
  try {
    static_cast<void>(read_text(text));
    return {};
  } catch (usage_error const& e) {
    return e.what();
  }
}

} // namespace

TEST_CASE("a configured server is what its flags would be, with files found from where the configuration lies") {
  auto const all = read_text(R"({"servers": [
      {"name": "a", "server": "https://a.test", "ca_file": "a.pem", "cert": "/c.pem", "key": "k.pem",
       "user": "me", "password_file": "../secret", "session_cache": "a.session"},
      {"name": "b", "server": "https://b.test", "pin_sha256": "AB:CD", "session_token_file": "b.token",
       "header": ["X-A: 1", "--insecure"]},
      {"name": "c", "server": "https://c.test", "insecure": true, "no_auth": false}]})");
  REQUIRE(all.size() == 3);
  CHECK(all[0].name == "a");
  CHECK(all[0].arguments == words{"--server=https://a.test", "--ca-file=/etc/hvc/a.pem", "--cert=/c.pem",
                                  "--key=/etc/hvc/k.pem", "--user=me", "--password-file=/etc/hvc/../secret",
                                  "--session-cache=/etc/hvc/a.session"});
  CHECK(all[1].arguments == words{"--server=https://b.test", "--pin-sha256=AB:CD",
                                  "--session-token-file=/etc/hvc/b.token", "--header=X-A: 1", "--header=--insecure"});
  CHECK(all[2].arguments == words{"--server=https://c.test", "--insecure"});
  CHECK(command_line(all[1].arguments).values("header") == words{"X-A: 1", "--insecure"});
}

TEST_CASE("an unknown key of the configuration is named, and so is the server it stands in") {
  CHECK(refusal_of_text(R"({"servers": [{"name": "a", "server": "x"}], "server": []})") == "there is no key 'server'");
  auto const said = refusal_of_text(R"({"servers": [{"name": "berlin", "server": "x", "pasword_file": "f"}]})");
  CHECK(holds(said, "'berlin'"));
  CHECK(holds(said, "'pasword_file'"));
  CHECK(holds(refusal_of_text(R"({"servers": [{"server": "x", "ca-file": "f"}]})"), "'ca-file'"));
}

TEST_CASE("a configuration that says nothing, or not what is asked, is refused with the place") {
  CHECK(holds(refusal_of_text("{\"servers\": \n nonsense"), "no JSON"));
  CHECK(holds(refusal_of_text("{\"servers\": []} x"), "no JSON"));
  CHECK(holds(refusal_of_text("[]"), "servers"));
  CHECK(holds(refusal_of_text("{}"), "servers"));
  CHECK(holds(refusal_of_text(R"({"servers": {}})"), "servers"));
  CHECK(holds(refusal_of_text(R"({"servers": []})"), "servers"));
  CHECK(holds(refusal_of_text(R"({"servers": ["https://a.test"]})"), "servers[0]"));
  CHECK(holds(refusal_of_text(R"({"servers": [{"server": "x"}]})"), "servers[0]: no name"));
  CHECK(holds(refusal_of_text(R"({"servers": [{"name": "a"}]})"), "'a': no server"));
  CHECK(holds(refusal_of_text(R"({"servers": [{"name": "", "server": "x"}]})"), "name"));
  CHECK(holds(refusal_of_text(R"({"servers": [{"name": "a", "server": 7}]})"), "'a': server"));
  CHECK(holds(refusal_of_text(R"({"servers": [{"name": "a", "server": "x", "ca_file": ""}]})"), "ca_file"));
  CHECK(holds(refusal_of_text(R"({"servers": [{"name": "a", "server": "x", "insecure": "yes"}]})"), "insecure"));
  CHECK(holds(refusal_of_text(R"({"servers": [{"name": "a", "server": "x", "header": "A: b"}]})"), "header"));
  CHECK(holds(refusal_of_text(R"({"servers": [{"name": "a", "server": "x"}, {"name": "a", "server": "y"}]})"),
              "two servers"));
}

TEST_CASE("what is wrong with a configured server is told by its keys") {
  CHECK(in_keys("--ca-file F: no such file") == "ca_file F: no such file");
  CHECK(in_keys("--session-cache keeps the session of a user: give --user and --password-file") ==
        "session_cache keeps the session of a user: give user and password_file");
  CHECK(holds(refusal_of_text(R"({"servers": [{"name": "a", "server": "x", "user": "me"}]})"), "password_file"));
}

TEST_CASE("a configuration holds no secret, and says where one belongs") {
  CHECK(
      holds(refusal_of_text(R"({"servers": [{"name": "a", "server": "x", "password": "hunter2"}]})"), "password_file"));
  CHECK(!holds(refusal_of_text(R"({"servers": [{"name": "a", "server": "x", "password": "hunter2"}]})"), "hunter2"));
}
