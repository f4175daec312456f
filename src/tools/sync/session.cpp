#include "session.hpp"

#include "error_json.hpp"
#include "error_text.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace hvc::tools {

int session::report(result<void> const& answer, std::string const& done) const {
  if (!answer)
    return report_error(answer.error());
  return write(format == output_format::json ? "{}\n" : done);
}

int session::report_error(error const& e) const {
  if (format == output_format::table)
    std::fputs(error_text(e, servers.front().options, errors_to.width).c_str(), stderr);
  else if (int const failed = write(error_json(e) + "\n"))
    return failed;
  return exit_code(e);
}

int session::write(std::string const& text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0)
    return exit_success;
  if (errno != EPIPE) // a reader that has gone away has seen enough
    std::fprintf(stderr, "hvc-sync: cannot write to standard output: %s\n", std::strerror(errno));
  return exit_failure;
}

} // namespace hvc::tools
