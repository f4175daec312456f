// hvc-sync: asks a vCenter over the public face of the library, for a person or for a program.
#include "help.hpp"
#include "run.hpp"
#include "usage_error.hpp"

#include <cstdio>

namespace {

using namespace hvc::tools;

int show(std::string const& text) {
  return std::fputs(text.c_str(), stdout) >= 0 && std::fflush(stdout) == 0 ? exit_success : exit_failure;
}

command const& command_of(command_line const& line) {
  if (line.words().empty())
    throw usage_error("which command?");
  std::string const& name = line.words().front();
  if (command const* const found = find_command(name))
    return *found;
  throw usage_error("there is no command '" + name + "'");
}

int run_program(std::vector<std::string> const& arguments) {
  command_line const line(arguments);
  if (line.has("version"))
    return show("hvc-sync " HVC_VERSION "\n");
  if (line.has("help"))
    return show(line.words().empty() ? program_help() : command_help(command_of(line)));
  return run(command_of(line), line, of_this_process);
}

} // namespace

int main(int argc, char** argv) {
  try {
    return run_program(std::vector<std::string>(argv + (argc > 0 ? 1 : 0), argv + argc));
  } catch (usage_error const& e) {
    std::fprintf(stderr, "hvc-sync: %s\n(hvc-sync --help tells more)\n", e.what());
    return exit_usage;
  } catch (std::exception const& e) {
    std::fprintf(stderr, "hvc-sync: %s\n", e.what());
    return exit_failure;
  }
}
