#include "program.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <system_error>

#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

namespace hvc::test {

namespace {

[[noreturn]] void fail(char const* what) { throw std::system_error(errno, std::generic_category(), what); }

int memory_file(std::string const& content = {}) {
  int const descriptor = ::memfd_create("hvc-test", MFD_CLOEXEC);
  if (descriptor < 0 || ::write(descriptor, content.data(), content.size()) != static_cast<ssize_t>(content.size()) ||
      ::lseek(descriptor, 0, SEEK_SET) != 0)
    fail("memory file");
  return descriptor;
}

std::string content_of(int descriptor) {
  std::string text;
  std::array<char, 4096> part{};
  ssize_t n = 0;
  for (off_t at = 0; (n = ::pread(descriptor, part.data(), part.size(), at)) > 0; at += n)
    text.append(part.data(), static_cast<std::size_t>(n));
  return text;
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (auto& text : texts)
    pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

std::vector<std::string> environment_of(program_start const& start) {
  std::vector<std::string> lines;
  for (auto const& [name, value] : start.variables)
    lines.push_back(name + "=" + value);
  for (auto const* name : {"ASAN_OPTIONS", "LSAN_OPTIONS", "TSAN_OPTIONS", "UBSAN_OPTIONS"})
    if (char const* value = std::getenv(name))
      lines.push_back(std::string(name) + "=" + value);
  return lines;
}

} // namespace

program::program(std::string const& path, program_start const& start) : out_(memory_file()), err_(memory_file()) {
  int const in = memory_file(start.input);
  auto arguments = start.arguments;
  arguments.insert(arguments.begin(), path);
  auto environment = environment_of(start);

  posix_spawn_file_actions_t files;
  ::posix_spawn_file_actions_init(&files);
  ::posix_spawn_file_actions_adddup2(&files, in, STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&files, start.output >= 0 ? start.output : out_, STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&files, err_, STDERR_FILENO);
  errno = ::posix_spawn(&process_, path.c_str(), &files, nullptr, pointers_to(arguments).data(),
                        pointers_to(environment).data());
  ::posix_spawn_file_actions_destroy(&files);
  ::close(in);
  if (errno != 0)
    fail(path.c_str());
}

program::~program() {
  if (process_ > 0) {
    ::kill(process_, SIGKILL);
    ::waitpid(process_, nullptr, 0);
  }
  ::close(out_);
  ::close(err_);
}

void program::send_signal(int number) const { ::kill(process_, number); }

program_outcome program::wait() {
  int status = 0;
  if (::waitpid(process_, &status, 0) != process_)
    fail("waitpid");
  process_ = -1;
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), content_of(out_), content_of(err_)};
}

temporary_file::temporary_file(std::string const& content) {
  char const* const directory = std::getenv("TMPDIR");
  path_ = std::string(directory != nullptr ? directory : "/tmp") + "/hvc-test-XXXXXX";
  int const descriptor = ::mkstemp(path_.data());
  if (descriptor < 0 || ::write(descriptor, content.data(), content.size()) != static_cast<ssize_t>(content.size()))
    fail("temporary file");
  ::close(descriptor);
}

temporary_file::~temporary_file() { std::remove(path_.c_str()); }

temporary_directory::temporary_directory() {
  auto name = (std::filesystem::temp_directory_path() / "hvc-test-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr)
    fail("temporary directory");
  path_ = name;
}

temporary_directory::~temporary_directory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

} // namespace hvc::test
