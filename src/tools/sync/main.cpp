// hvc-sync: asks vCenters over the public face of the library, for a person or for a program.
#include "check_verdict.hpp"
#include "help.hpp"
#include "run.hpp"
#include "terminal.hpp"
#include "text.hpp"
#include "usage_error.hpp"

#include <algorithm>
#include <cstdio>

#include <fcntl.h>
#include <unistd.h>

namespace {

using namespace hvc::tools;

int show(std::string const& text) {
  return std::fputs(text.c_str(), stdout) >= 0 && std::fflush(stdout) == 0 ? exit_success : exit_failure;
}

command const& command_of(std::vector<std::string> const& words) {
  if (words.empty())
    throw usage_error("which command?");
  std::string const& name = words.front();
  if (command const* const found = find_command(name))
    return *found;
  std::string text = "there is no command '" + name + "'; there are";
  for (command const& c : commands())
    text.append(text.ends_with(" are") ? " " : ", ").append(c.name);
  throw usage_error(text);
}

int run_program(std::vector<std::string> const& arguments) {
  command_line const line(arguments);
  if (line.has("version"))
    return show("hvc-sync " HVC_VERSION "\n");
  if (line.has("help"))
    return show(line.words().empty() ? program_help() : command_help(command_of(line.words())));
  if (!line.words().empty() && line.words().front() == "help")
    return show(line.words().size() == 1 ? program_help() : command_help(command_of({line.words()[1]})));
  return run(command_of(line.words()), line, of_this_process);
}

// The command they are for, where the arguments cannot be taken apart, too: the first among them that names one
// decides.
command const* meant(std::vector<std::string> const& arguments) {
  auto const named = std::find_if(arguments.begin(), arguments.end(),
                                  [](std::string const& word) { return find_command(word) != nullptr; });
  return named == arguments.end() ? nullptr : find_command(*named);
}

// What is opened takes the place of a descriptor that was closed, and would be read from and written to in its stead.
void occupy_closed_descriptors() noexcept {
  for (int const fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (::fcntl(fd, F_GETFD) < 0) // to read from, or write to, it fails as a closed one does
      static_cast<void>(::open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY));
}

int fail(command const* c, int code, std::string const& why) {
  if (c != nullptr && c->is_plugin) {
    show(plugin_complaint(why));
    return static_cast<int>(plugin_state::unknown);
  }
  std::size_t const width = terminal_width(stderr);
  for (std::string const& part : wrapped("hvc-sync: " + why, width))
    std::fprintf(stderr, "%s\n", part.c_str());
  if (code == exit_usage)
    std::fprintf(stderr, "(hvc-sync %s%s--help tells more)\n", c != nullptr ? std::string(c->name).c_str() : "",
                 c != nullptr ? " " : "");
  return code;
}

} // namespace

int main(int argc, char** argv) {
  occupy_closed_descriptors();
  std::vector<std::string> const arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
  try {
    return run_program(arguments);
  } catch (usage_error const& e) {
    return fail(meant(arguments), exit_usage, e.what());
  } catch (std::exception const& e) {
    return fail(meant(arguments), exit_failure, e.what());
  }
}
