// The manual page says what the help says.
#include "tools/sync/command.hpp"

#include "catch.hpp"
#include "holds.hpp"

#include <fstream>
#include <iterator>

using namespace hvc::tools;
using hvc::test::holds;

namespace {

std::string const& manual() {
  static std::string const text = [] {
    std::ifstream file(HVC_SYNC_MANUAL);
    return std::string(std::istreambuf_iterator<char>(file), {});
  }();
  return text;
}

// As man(7) has it: a hyphen that is to be copied is \-.
std::string in_roff(std::string_view flag) {
  std::string text = "\\-\\-";
  for (char const c : flag)
    text.append(c == '-' ? "\\-" : std::string(1, c));
  return text;
}

} // namespace

TEST_CASE("the manual page names every command, every flag, and every variable of the environment") {
  REQUIRE(holds(manual(), ".SH NAME"));
  for (auto const& c : commands()) {
    CAPTURE(c.name);
    std::string const name(c.name);
    CHECK((c.arguments.empty() ? holds(manual(), "\n.B " + name + "\n")
                               : holds(manual(), "\n.BI " + name + " \" " + std::string(c.arguments) + "\"\n")));
  }
  for (auto const& flag : command_line::known_flags()) {
    CAPTURE(flag);
    auto const text = in_roff(flag);
    auto const at = manual().find(text);
    REQUIRE(at != std::string::npos);
    CHECK((holds(manual(), "\n.B " + text + "\n") || holds(manual(), "\n.BI " + text + " \"") ||
           holds(manual(), " \", \" " + text) || holds(manual(), " \" " + text + " \"")));
  }
  for (auto const* variable : {"HVC_SERVER", "HVC_CA_FILE", "HVC_PIN_SHA256", "HVC_USER", "HVC_PASSWORD_FILE",
                               "HVC_PASSWORD", "HVC_SESSION_TOKEN", "HVC_TIMEOUT", "NO_COLOR"})
    CHECK(holds(manual(), variable));
}

TEST_CASE("help and manual page say whose age is the figure of check --all") {
  CHECK(holds(std::string(find_command("check")->details), "age= is\n"));
  CHECK(holds(manual(), "\n.B age=\n"));
}
