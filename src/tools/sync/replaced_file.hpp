// A file that appears when it is whole: written beside its place and then moved there, so that nobody reads half of it,
// and an old one stays where a new one fails. Where the place is a link, what it leads to is replaced.
#pragma once

#include <cstdio>
#include <string>
#include <string_view>

namespace hvc::tools {

class replaced_file {
public:
  /// Throws std::runtime_error, naming the file, where it cannot be written there.
  explicit replaced_file(std::string const& path);
  /// Removes what was not finished.
  ~replaced_file();
  replaced_file(replaced_file const&) = delete;
  replaced_file& operator=(replaced_file const&) = delete;

  /// A failure is told by finish().
  void add(std::string_view text) noexcept { std::fwrite(text.data(), 1, text.size(), file_); }
  /// Puts it in its place. Throws as the constructor does.
  void finish();

private:
  [[noreturn]] void fail() const;

  std::string path_;
  std::string beside_;
  std::FILE* file_ = nullptr;
};

} // namespace hvc::tools
