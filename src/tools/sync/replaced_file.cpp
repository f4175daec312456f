#include "replaced_file.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <utility>

#include <unistd.h>

namespace hvc::tools {

namespace {

// A link stays one, also where it leads nowhere yet: what it leads to is replaced.
std::string behind_links(std::string const& path) {
  std::filesystem::path real(path);
  std::error_code none;
  for (int most = 40; most != 0 && std::filesystem::is_symlink(real, none); --most)
    real = real.parent_path() / std::filesystem::read_symlink(real, none); // an absolute one replaces all
  return real.string();
}

} // namespace

replaced_file::replaced_file(std::string const& path)
    : path_(behind_links(path)), beside_(path_ + "." + std::to_string(::getpid()) + ".part") {
  // A directory could not be replaced in the end, and a device must not.
  if (std::error_code ignored;
      std::filesystem::exists(path_, ignored) && !std::filesystem::is_regular_file(path_, ignored))
    throw std::runtime_error("cannot write " + path_ + ": it is there, and is no regular file");
  file_ = std::fopen(beside_.c_str(), "we");
  if (file_ == nullptr)
    fail();
}

replaced_file::~replaced_file() {
  if (file_ == nullptr)
    return;
  std::fclose(file_);
  std::remove(beside_.c_str());
}

void replaced_file::finish() {
  if (std::fflush(file_) != 0 || std::ferror(file_) != 0 || std::rename(beside_.c_str(), path_.c_str()) != 0)
    fail();
  std::fclose(std::exchange(file_, nullptr));
}

void replaced_file::fail() const { throw std::runtime_error("cannot write " + path_ + ": " + std::strerror(errno)); }

} // namespace hvc::tools
