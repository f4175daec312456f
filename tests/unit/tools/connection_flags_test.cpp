#include "tools/sync/connection_flags.hpp"

#include "tools/sync/usage_error.hpp"

#include "catch.hpp"

#include <cstdio>
#include <cstdlib>
#include <map>
#include <unistd.h>

using namespace hvc::tools;
using namespace std::chrono_literals;
using words = std::vector<std::string>;

namespace {

using variables = std::map<std::string, std::string>;

connection_flags read(words arguments, variables const& set = {}) {
  if (set.count("HVC_SERVER") == 0)
    arguments.insert(arguments.end(), {"-s", "https://vc.test"});
  return read_connection_flags(command_line(arguments), [&set](char const* name) -> std::optional<std::string> {
    auto const found = set.find(name);
    return found == set.end() || found->second.empty() ? std::nullopt : std::optional(found->second);
  });
}

std::string refusal(words const& arguments, variables const& set = {}) {
  try {
    static_cast<void>(read(arguments, set));
    return {};
  } catch (usage_error const& e) {
    return e.what();
  }
}

// A file with a secret, gone when the test is.
class secret_file {
public:
  explicit secret_file(std::string const& content) {
    int const descriptor = ::mkstemp(path_.data());
    REQUIRE(descriptor >= 0);
    REQUIRE(::write(descriptor, content.data(), content.size()) == static_cast<ssize_t>(content.size()));
    ::close(descriptor);
  }
  ~secret_file() { std::remove(path_.c_str()); }
  secret_file(secret_file const&) = delete;
  [[nodiscard]] std::string const& path() const noexcept { return path_; }

private:
  std::string path_ = "/tmp/hvc-secret-XXXXXX";
};

std::string login_of(connection_flags const& flags) {
  auto const* const login = std::get_if<hvc::user_password>(&flags.client.credentials());
  return login == nullptr ? "none" : login->user() + ":" + login->password();
}

bool is_nobody(connection_flags const& flags) {
  return std::holds_alternative<hvc::no_credentials>(flags.client.credentials());
}

std::string const hex(64, 'a');

} // namespace

TEST_CASE("the server comes from the flag, else from the environment, and is needed") {
  CHECK(read({}).client.server() == "https://vc.test");
  CHECK(read({}, {{"HVC_SERVER", "https://env.test"}}).client.server() == "https://env.test");
  CHECK(read({"-s", "https://flag.test"}, {{"HVC_SERVER", "https://env.test"}}).client.server() == "https://flag.test");
  variables const no_server{{"HVC_SERVER", ""}};
  CHECK(refusal({}, no_server) != "");
}

TEST_CASE("without flags and variables nobody asks, and the system is trusted") {
  auto const flags = read({});
  CHECK(is_nobody(flags));
  CHECK(flags.client.tls().ca_file().empty());
  CHECK(flags.client.tls().pins().empty());
  CHECK(!flags.client.tls().is_insecure());
  CHECK(flags.client.deadline() == 30s);
  CHECK(flags.client.retry().attempts == 3);
}

TEST_CASE("a trust flag beats every trust variable") {
  variables const both{{"HVC_CA_FILE", "env.pem"}, {"HVC_PIN_SHA256", hex}};
  auto const pinned = read({"--pin-sha256", hex}, {{"HVC_CA_FILE", "env.pem"}});
  CHECK(pinned.client.tls().pins().size() == 1);
  CHECK(pinned.client.tls().ca_file().empty());
  auto const by_file = read({"--ca-file", "f.pem"}, both);
  CHECK(by_file.client.tls().ca_file() == "f.pem");
  CHECK(by_file.client.tls().pins().empty());
  auto const blind = read({"-k"}, both);
  CHECK(blind.client.tls().is_insecure());
  CHECK(blind.client.tls().ca_file().empty());
  CHECK(blind.client.tls().pins().empty());
}

TEST_CASE("trust variables work alone, and not together") {
  CHECK(read({}, {{"HVC_CA_FILE", "env.pem"}}).client.tls().ca_file() == "env.pem");
  CHECK(read({}, {{"HVC_PIN_SHA256", hex}}).client.tls().pins().size() == 1);
  CHECK(refusal({}, {{"HVC_CA_FILE", "env.pem"}, {"HVC_PIN_SHA256", hex}}) != "");
}

TEST_CASE("two trust flags at once are refused") {
  CHECK(refusal({"--ca-file", "f", "-k"}) != "");
  CHECK(refusal({"--ca-file", "f", "--pin-sha256", hex}) != "");
  CHECK(refusal({"--pin-sha256", hex, "-k"}) != "");
}

TEST_CASE("a pin may have colons, and must be whole") {
  std::string colons = "AA";
  for (int i = 1; i < 32; ++i)
    colons += ":AA";
  CHECK(read({"--pin-sha256", colons}).client.tls().pins() == read({"--pin-sha256", hex}).client.tls().pins());
  CHECK(refusal({"--pin-sha256", "aabb"}).find("64 hex digits") != std::string::npos);
}

TEST_CASE("a certificate to show needs its key") {
  CHECK(refusal({"--cert", "c.pem"}) != "");
  CHECK(refusal({"--key", "k.pem"}) != "");
  CHECK(read({"--cert", "c.pem", "--key", "k.pem"}).client.tls().client_key_file() == "k.pem");
}

TEST_CASE("a password is the first line of its file, without its end") {
  for (auto const* content : {"secret", "secret\n", "secret\r\n", "secret\n\n", "secret\r\nwhose it is\n"}) {
    secret_file const file(content);
    CHECK(login_of(read({"-u", "me", "--password-file", file.path()})) == "me:secret");
  }
}

TEST_CASE("a password file that is missing or empty is refused") {
  secret_file const empty("\n");
  CHECK(refusal({"-u", "me", "--password-file", empty.path()}) != "");
  CHECK(refusal({"-u", "me", "--password-file", "/nonexistent/secret"}).find("No such file") != std::string::npos);
}

TEST_CASE("user and password come from the environment together") {
  CHECK(login_of(read({}, {{"HVC_USER", "me"}, {"HVC_PASSWORD", "secret"}})) == "me:secret");
  secret_file const file("filed\n");
  CHECK(login_of(read({}, {{"HVC_USER", "me"}, {"HVC_PASSWORD_FILE", file.path()}})) == "me:filed");
}

TEST_CASE("HVC_PASSWORD_FILE beats HVC_PASSWORD") {
  secret_file const file("filed");
  CHECK(login_of(read({}, {{"HVC_USER", "me"}, {"HVC_PASSWORD", "x"}, {"HVC_PASSWORD_FILE", file.path()}})) ==
        "me:filed");
}

TEST_CASE("a password flag beats every password of the environment") {
  secret_file const flag("flag"), env("env");
  variables const set{{"HVC_USER", "me"}, {"HVC_PASSWORD", "x"}, {"HVC_PASSWORD_FILE", env.path()}};
  CHECK(login_of(read({"--password-file", flag.path()}, set)) == "me:flag");
  CHECK(login_of(read({"-u", "you", "--password-file", flag.path()}, set)) == "you:flag");
}

TEST_CASE("a password of the environment goes to its own user or to nobody's rival") {
  CHECK(login_of(read({"-u", "me"}, {{"HVC_PASSWORD", "secret"}})) == "me:secret");
  CHECK(login_of(read({"-u", "me"}, {{"HVC_USER", "me"}, {"HVC_PASSWORD", "secret"}})) == "me:secret");
  CHECK(refusal({"-u", "you"}, {{"HVC_USER", "me"}, {"HVC_PASSWORD", "secret"}}) != "");
}

TEST_CASE("a user without a password, and a password without a user, are refused with a hint") {
  CHECK(refusal({"-u", "me"}).find("--password-file") != std::string::npos);
  CHECK(refusal({}, {{"HVC_USER", "me"}}).find("HVC_PASSWORD") != std::string::npos);
  CHECK(refusal({}, {{"HVC_PASSWORD", "secret"}}).find("--user") != std::string::npos);
}

TEST_CASE("a session token is read from its file, or from the environment") {
  secret_file const file("token\n");
  auto const filed = read({"--session-token-file", file.path()}, {{"HVC_USER", "me"}, {"HVC_PASSWORD", "x"}});
  CHECK(std::get<hvc::session_token>(filed.client.credentials()).token() == "token");
  auto const set = read({}, {{"HVC_SESSION_TOKEN", "abc"}, {"HVC_USER", "me"}, {"HVC_PASSWORD", "x"}});
  CHECK(std::get<hvc::session_token>(set.client.credentials()).token() == "abc");
}

TEST_CASE("the flag --no-auth beats every credential of the environment") {
  CHECK(is_nobody(read({"--no-auth"}, {{"HVC_USER", "me"}, {"HVC_PASSWORD", "x"}, {"HVC_SESSION_TOKEN", "abc"}})));
}

TEST_CASE("a user flag beats the session token of the environment") {
  secret_file const file("secret");
  CHECK(login_of(read({"-u", "me", "--password-file", file.path()}, {{"HVC_SESSION_TOKEN", "abc"}})) == "me:secret");
}

TEST_CASE("flags that say who asks exclude each other") {
  CHECK(refusal({"--no-auth", "-u", "me"}) != "");
  CHECK(refusal({"--no-auth", "--session-token-file", "f"}) != "");
  CHECK(refusal({"-u", "me", "--session-token-file", "f"}) != "");
}

TEST_CASE("the time-out comes from the flag, else from the environment") {
  CHECK(read({"-t", "500ms"}, {{"HVC_TIMEOUT", "9"}}).client.deadline() == 500ms);
  CHECK(read({}, {{"HVC_TIMEOUT", "9"}}).client.deadline() == 9s);
  CHECK(refusal({"-t", "soon"}).find("--timeout") == 0);
  CHECK(refusal({}, {{"HVC_TIMEOUT", "soon"}}).find("HVC_TIMEOUT") == 0);
}

TEST_CASE("attempts are a number from 1 to 100") {
  CHECK(read({"--attempts", "1"}).client.retry().attempts == 1);
  CHECK(read({"--attempts=100"}).client.retry().attempts == 100);
  for (auto const* text : {"0", "101", "-1", "x", "", "3x", "99999999999"}) {
    CAPTURE(text);
    CHECK(refusal({"--attempts", text}) != "");
  }
}

TEST_CASE("a header field has a name and a value, and is none of the client's own") {
  CHECK(read({"--header", "X-Request-ID:  42 "}).call.header_lines().find("X-Request-ID: 42\r\n") != std::string::npos);
  CHECK(refusal({"--header", "no colon"}) != "");
  CHECK(refusal({"--header", "bad name: x"}) != "");
  CHECK(refusal({"--header", "Host: x"}) != "");
  CHECK(refusal({"--header", "X-A: b\r\nX-C: d"}) != "");
}
