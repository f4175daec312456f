// hvc-sync at a terminal, where a person types.
#include "sync_bench.hpp"

#include <array>
#include <csignal>

#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace hvc::test;

namespace {

class at_terminal {
public:
  explicit at_terminal(words arguments) {
    arguments.insert(arguments.begin(), HVC_SYNC);
    std::vector<char*> pointers;
    for (auto& a : arguments)
      pointers.push_back(a.data());
    pointers.push_back(nullptr);
    process_ = ::forkpty(&terminal_, nullptr, nullptr, nullptr);
    if (process_ == 0) {
      ::execv(pointers.front(), pointers.data());
      ::_exit(127);
    }
    REQUIRE(process_ > 0);
  }
  ~at_terminal() {
    if (process_ > 0) {
      ::kill(process_, SIGKILL);
      ::waitpid(process_, nullptr, 0);
    }
    ::close(terminal_);
  }
  at_terminal(at_terminal const&) = delete;

  // Whether it came to be shown before the end.
  [[nodiscard]] bool shows(std::string_view text) {
    while (shown_.find(text) == std::string::npos)
      if (!read())
        return false;
    return true;
  }
  void type(std::string_view text) const {
    REQUIRE(::write(terminal_, text.data(), text.size()) == static_cast<ssize_t>(text.size()));
  }
  // Its status; 128 and the signal's number if a signal ended it.
  [[nodiscard]] int wait() {
    while (read()) {
    }
    int status = 0;
    ::waitpid(std::exchange(process_, -1), &status, 0);
    return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
  }
  [[nodiscard]] std::string const& shown() const noexcept { return shown_; }

private:
  bool read() {
    std::array<char, 4096> part{};
    ssize_t const n = ::read(terminal_, part.data(), part.size());
    if (n > 0)
      shown_.append(part.data(), static_cast<std::size_t>(n));
    return n > 0;
  }

  int terminal_ = -1;
  pid_t process_ = -1;
  std::string shown_;
};

// Whether the system has terminals to give; a bare container may not.
bool has_terminals() {
  int mine = -1, its = -1;
  if (::openpty(&mine, &its, nullptr, nullptr, nullptr) != 0) {
    WARN("skipped: no pseudo-terminals");
    return false;
  }
  ::close(mine);
  ::close(its);
  return true;
}

words asking_for_a_password(bench const& b) {
  return b.trusting({"get", "link-1", "provider-1", "-o", "json", "-u", "me", "--password-file", "-"});
}

} // namespace

TEST_CASE("hvc-sync asks a person for the password, and does not show it") {
  if (!has_terminals())
    return;
  bench b(with_user());
  at_terminal person(asking_for_a_password(b));
  REQUIRE(person.shows("password: "));
  person.type("secret\n");
  CHECK(person.wait() == 0);
  CHECK(b.server.logins() == 1);
  CHECK(holds(person.shown(), "last_sync_time"));
  CHECK(!holds(person.shown(), "secret"));
}

TEST_CASE("hvc-sync that is interrupted while it asks for the password ends, and sends nothing") {
  if (!has_terminals())
    return;
  bench b(with_user());
  at_terminal person(asking_for_a_password(b));
  REQUIRE(person.shows("password: "));
  person.type("\x03");
  CHECK(person.wait() == 128 + SIGINT);
  CHECK(b.server.connections_accepted() == 0);
}
