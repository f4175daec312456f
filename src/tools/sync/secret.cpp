#include "secret.hpp"

#include "usage_error.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
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

std::string ask(std::string const& what) {
  char const* const typed = ::getpass((what + ": ").c_str());
  return typed != nullptr ? typed : "";
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
