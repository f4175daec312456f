#include "tools/sync/command_line.hpp"

#include "tools/sync/help.hpp"
#include "tools/sync/usage_error.hpp"

#include "catch.hpp"

using namespace hvc::tools;
using words = std::vector<std::string>;

namespace {

// What the person is told; empty if the arguments are accepted.
std::string refusal_of(words const& arguments) {
  try {
    command_line const accepted(arguments);
    return {};
  } catch (usage_error const& e) {
    return e.what();
  }
}

} // namespace

TEST_CASE("flags may stand before, between and behind the words") {
  for (auto const& arguments :
       {words{"-s", "S", "-o", "json", "get", "a", "b"}, words{"get", "-s", "S", "a", "-o", "json", "b"},
        words{"get", "a", "b", "--server", "S", "--output", "json"}, words{"get", "a", "--server=S", "b", "-ojson"}}) {
    command_line const line(arguments);
    CHECK(line.words() == words{"get", "a", "b"});
    CHECK(line.value("server") == "S");
    CHECK(line.value("output") == "json");
    CHECK(!line.value("user"));
  }
}

TEST_CASE("switches take no value and may stand together") {
  command_line const line({"-kv", "get", "--no-auth"});
  CHECK(line.has("insecure"));
  CHECK(line.has("verbose"));
  CHECK(line.has("no-auth"));
  CHECK(!line.has("help"));
  CHECK(line.words() == words{"get"});
  CHECK(refusal_of({"--insecure=yes"}) != "");
}

TEST_CASE("behind two dashes every argument is a word") {
  CHECK(command_line({"get", "--", "-k", "--server"}).words() == words{"get", "-k", "--server"});
}

TEST_CASE("the next flag is no value, unless it is written as one") {
  CHECK(refusal_of({"get", "--server", "--ca-file", "f"}) == "--server has no value");
  CHECK(refusal_of({"get", "-s", "--ca-file", "f"}) == "--server has no value");
  CHECK(command_line({"--ca-file=--odd"}).value("ca-file") == "--odd");
}

TEST_CASE("an empty argument is a word and no value, and a single dash is a value") {
  CHECK(command_line({"get", "", "b"}).words() == words{"get", "", "b"});
  CHECK(refusal_of({"--ca-file", ""}) == "--ca-file has no value");
  CHECK(refusal_of({"sweep", "--html", ""}) == "--html has no value");
  CHECK(command_line({"--password-file", "-"}).value("password-file") == "-");
}

TEST_CASE("a header field may be repeated, and its order is kept") {
  command_line const line({"--header", "A: 1", "--header=B: 2"});
  CHECK(line.values("header") == words{"A: 1", "B: 2"});
}

TEST_CASE("a flag twice, an unknown flag, an abbreviated one and a missing value are refused") {
  CHECK(refusal_of({"-s", "a", "--server", "b"}) == "--server is given twice");
  CHECK(refusal_of({"--frobnicate"}) == "unknown flag --frobnicate");
  CHECK(refusal_of({"--serv", "a"}) == "unknown flag --serv");
  CHECK(refusal_of({"get", "-s"}) != "");
}

TEST_CASE("a password among the arguments is refused with the reason, and never repeated") {
  for (auto const& arguments : {words{"--password", "hunter2"}, words{"--password=hunter2"}, words{"--password"}}) {
    auto const said = refusal_of(arguments);
    CHECK(said.find("--password-file") != std::string::npos);
    CHECK(said.find("hunter2") == std::string::npos);
  }
  CHECK(refusal_of({"--passwort=hunter2"}) == "unknown flag --passwort");
}

TEST_CASE("the help names every command, and every flag where it may be given") {
  auto const help = program_help();
  for (auto const& name : command_line::known_flags()) {
    CAPTURE(name);
    bool anybodys = true;
    for (auto const& c : commands())
      if (c.takes(name)) {
        anybodys = false;
        CHECK(command_help(c).find("--" + name) != std::string::npos);
      }
    CHECK((help.find("--" + name) != std::string::npos) == anybodys);
  }
  for (auto const& c : commands()) {
    CHECK(help.find("  " + std::string(c.name)) != std::string::npos);
    CHECK(command_help(c).find(c.summary.substr(1)) != std::string::npos); // a sentence there, with a capital
  }
}

TEST_CASE("a flag of other commands is refused, and one of everybody's is not") {
  auto const refused = [](char const* command, words const& arguments) {
    try {
      refuse_foreign_flags(*find_command(command), command_line(arguments));
      return std::string();
    } catch (usage_error const& e) {
      return std::string(e.what());
    }
  };
  CHECK(refused("get", {"get", "-w", "5"}) == "get takes no --warning");
  CHECK(refused("check", {"check", "-w", "5", "-v"}).empty());
}

TEST_CASE("the help of a command names the formats it prints, and no other") {
  auto const help_of = [](std::string_view name) { return command_help(*find_command(name)); };
  CHECK(help_of("sweep").find("  -o, --output table|json|ndjson|csv\n") != std::string::npos);
  CHECK(help_of("get").find("  -o, --output table|json  for") != std::string::npos);
  CHECK(help_of("check").find("--output table") == std::string::npos);
}

TEST_CASE("the help fits a terminal of 80 columns") {
  auto const fits = [](std::string const& text) {
    for (std::size_t at = 0; at < text.size(); at = text.find('\n', at) + 1)
      if (text.find('\n', at) - at > 80)
        return false;
    return text.ends_with('\n');
  };
  CHECK(fits(program_help()));
  for (auto const& c : commands()) {
    CAPTURE(c.name);
    CHECK(fits(command_help(c)));
  }
}
