#include "secret.hpp"

#include "usage_error.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <iostream>
#include <memory>

#include <termios.h>
#include <unistd.h>

namespace hvc::tools {

namespace {

constexpr std::size_t longest_secret = 64 * 1024;

struct close_file {
  void operator()(std::FILE* f) const noexcept {
    if (f != stdin)
      std::fclose(f);
  }
};

termios as_it_was; // the terminal

extern "C" void restore_and_end(int number) {
  ::tcsetattr(STDIN_FILENO, TCSANOW, &as_it_was);
  std::signal(number, SIG_DFL);
  std::raise(number);
}

// What is typed is not shown. A signal ends the process as it would anywhere else, and leaves the terminal as it was.
class without_echo {
public:
  without_echo() noexcept {
    ::tcgetattr(STDIN_FILENO, &as_it_was);
    for (std::size_t i = 0; i != ends.size(); ++i)
      before_[i] = std::signal(ends[i], restore_and_end);
    termios unseen = as_it_was;
    unseen.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(STDIN_FILENO, TCSANOW, &unseen);
  }
  ~without_echo() {
    ::tcsetattr(STDIN_FILENO, TCSANOW, &as_it_was);
    for (std::size_t i = 0; i != ends.size(); ++i)
      std::signal(ends[i], before_[i]);
  }
  without_echo(without_echo const&) = delete;

private:
  static constexpr std::array ends{SIGINT, SIGTERM, SIGHUP, SIGQUIT};
  std::array<void (*)(int), ends.size()> before_{};
};

std::string ask(std::string const& what) {
  without_echo const here;
  std::fprintf(stderr, "%s: ", what.c_str());
  std::string typed;
  std::getline(std::cin, typed);
  std::fputc('\n', stderr); // in place of the one that was not shown
  return typed;
}

std::string content_of(std::string const& path, std::string const& what) {
  std::unique_ptr<std::FILE, close_file> const file(path == "-" ? stdin : std::fopen(path.c_str(), "re"));
  if (!file)
    throw usage_error("cannot read the " + what + " file " + path + ": " + std::strerror(errno));
  std::string text;
  std::array<char, 4096> part{};
  while (std::size_t const n = std::fread(part.data(), 1, part.size(), file.get())) {
    text.append(part.data(), n);
    if (text.size() > longest_secret)
      throw usage_error("the " + what + " file " + path + " is too long to be one");
  }
  if (std::ferror(file.get()))
    throw usage_error("cannot read the " + what + " file " + path + ": " + std::strerror(errno));
  return text;
}

} // namespace

std::string read_secret(std::string const& path, std::string const& what) {
  if (path == "-" && ::isatty(STDIN_FILENO) == 1) {
    std::string typed = ask(what);
    if (typed.empty()) // and a login with it would count as one that was refused
      throw usage_error("no " + what + " was given");
    return typed;
  }
  std::string text = content_of(path, what);
  text.resize(std::min(text.find('\n'), text.size()));
  if (text.ends_with('\r'))
    text.pop_back();
  if (text.empty())
    throw usage_error("the " + what + " file " + path + " holds no " + what);
  return text;
}

} // namespace hvc::tools
