#include "session_file.hpp"

#include "usage_error.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace hvc::tools {

namespace {

// Why a file that is open is not fit to hold a session.
char const* unfit(int descriptor) noexcept {
  struct stat is {};
  if (::fstat(descriptor, &is) != 0)
    return std::strerror(errno);
  if (!S_ISREG(is.st_mode))
    return "it is no file";
  if (is.st_uid != ::geteuid())
    return "it belongs to another user";
  return (is.st_mode & 077U) != 0 ? "others may read or write it (chmod 600 it)" : nullptr;
}

} // namespace

session_file::session_file(std::string path)
    : path_(std::move(path)),
      // No link: whoever may write to the directory could make it point to another file of ours.
      descriptor_(::open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600)) {
  char const* const why = descriptor_ < 0 ? std::strerror(errno) : unfit(descriptor_);
  if (why == nullptr)
    return;
  std::string const text = "the session cache " + path_ + " cannot be used: " + why;
  if (descriptor_ >= 0)
    ::close(descriptor_);
  throw usage_error(text);
}

session_file::~session_file() { ::close(descriptor_); }

bool session_file::try_lock() noexcept { return ::flock(descriptor_, LOCK_EX | LOCK_NB) == 0; }
void session_file::unlock() noexcept { ::flock(descriptor_, LOCK_UN); }

std::string session_file::read() const {
  std::string text;
  std::array<char, 4096> part{};
  constexpr std::size_t longest_memo = 64 * 1024;
  ssize_t n = 0;
  while (text.size() < longest_memo &&
         (n = ::pread(descriptor_, part.data(), part.size(), static_cast<off_t>(text.size()))) > 0)
    text.append(part.data(), static_cast<std::size_t>(n));
  return text;
}

void session_file::write(std::string const& text) {
  // Shortened last: until then the space it has is its own.
  ssize_t const written = ::pwrite(descriptor_, text.data(), text.size(), 0);
  if (written >= 0 && written < static_cast<ssize_t>(text.size()))
    errno = ENOSPC;
  if (written != static_cast<ssize_t>(text.size()) || ::ftruncate(descriptor_, written) != 0)
    throw std::system_error(errno, std::generic_category(), "cannot write the session cache " + path_);
}

} // namespace hvc::tools
