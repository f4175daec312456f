#include "terminal.hpp"

#include "usage_error.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

namespace hvc::tools {

namespace {

constexpr std::size_t usual_width = 80;

std::size_t width_of(int terminal) noexcept {
  winsize size{};
  return ::ioctl(terminal, TIOCGWINSZ, &size) == 0 && size.ws_col != 0 ? size.ws_col : usual_width;
}

} // namespace

std::size_t terminal_width(std::FILE* stream) noexcept {
  int const descriptor = ::fileno(stream);
  return ::isatty(descriptor) == 1 ? width_of(descriptor) : 0;
}

canvas canvas_of(std::FILE* stream, command_line const& line, environment const& env) {
  int const descriptor = ::fileno(stream);
  bool const terminal = ::isatty(descriptor) == 1;
  auto const color = line.value("color").value_or("auto");
  if (color != "auto" && color != "always" && color != "never")
    throw usage_error("--color takes auto, always or never: not '" + color + "'");

  canvas result;
  result.width = terminal_width(stream);
  result.rewritable = terminal && env("TERM") != "dumb";
  result.coloured = color == "always" || (color == "auto" && result.rewritable && !env("NO_COLOR"));
  return result;
}

} // namespace hvc::tools
