// The file of --session-cache: its owner's alone, read and written by one process at a time.
#pragma once

#include <string>

namespace hvc::tools {

class session_file {
public:
  /// Makes it, with mode 0600, if it is not there. Throws usage_error where it cannot be, is no file, or others may
  /// read or write it.
  explicit session_file(std::string path);
  ~session_file();
  session_file(session_file const&) = delete;

  /// Whether it is now locked by this process (flock(2)). Does not wait.
  [[nodiscard]] bool try_lock() noexcept;
  void unlock() noexcept;

  [[nodiscard]] std::string const& path() const noexcept { return path_; }

  // While it is locked. What cannot be read is empty; what cannot be written throws std::system_error.
  [[nodiscard]] std::string read() const;
  void write(std::string const& text);

private:
  std::string path_;
  int descriptor_;
};

} // namespace hvc::tools
