// Runs a program of ours as a user would: arguments, a clean environment, standard input; then its exit code and
// output.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include <sys/types.h>

namespace hvc::test {

struct program_outcome {
  int code = 0; // 128 and the signal's number if a signal ended it
  std::string out;
  std::string err;
};

struct program_start {
  std::vector<std::string> arguments = {};           // behind the program's name
  std::map<std::string, std::string> variables = {}; // the whole environment, but for those of sanitizers
  std::string input = {};
  int output = -1; // a descriptor to take standard output; -1: it is kept for the outcome
};

class program {
public:
  program(std::string const& path, program_start const& start);
  ~program(); // kills it if it still runs
  program(program const&) = delete;

  void send_signal(int number) const;
  [[nodiscard]] program_outcome wait();

private:
  pid_t process_ = -1;
  int out_ = -1;
  int err_ = -1;
};

[[nodiscard]] inline program_outcome run_program(std::string const& path, program_start const& start) {
  return program(path, start).wait();
}

// A file in the temporary directory, gone when the test is.
class temporary_file {
public:
  explicit temporary_file(std::string const& content);
  ~temporary_file();
  temporary_file(temporary_file const&) = delete;
  [[nodiscard]] std::string const& path() const noexcept { return path_; }

private:
  std::string path_;
};

// An empty directory there, gone with all that is in it when the test is.
class temporary_directory {
public:
  temporary_directory();
  ~temporary_directory();
  temporary_directory(temporary_directory const&) = delete;
  [[nodiscard]] std::filesystem::path const& path() const noexcept { return path_; }

private:
  std::filesystem::path path_;
};

} // namespace hvc::test
