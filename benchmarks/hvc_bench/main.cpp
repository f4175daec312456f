// hvc-bench: loads a server through hvc::client and tells what a request cost this process.
#include "load.hpp"
#include "settings.hpp"

#include "allocations.hpp"
#include "command_line.hpp"
#include "tools/sync/exit_code.hpp"
#include "tools/sync/usage_error.hpp"

#include <cerrno>
#include <cstdio>
#include <exception>
#include <system_error>

namespace {

void print(std::string const& text) {
  if (std::fputs(text.c_str(), stdout) < 0 || std::fflush(stdout) != 0)
    throw std::system_error(errno, std::generic_category(), "cannot write to standard output");
}

void print_remarks(settings const& s, bench::figures const& f, std::string const& first_error) {
  if (!first_error.empty())
    std::fprintf(stderr, "hvc-bench: first error: %s\n", first_error.c_str());
  if (s.rate && f.requests_per_second < 0.9 * static_cast<double>(*s.rate))
    std::fprintf(stderr, "hvc-bench: reached %.0f of the %llu a second asked for: latencies are those of a queue\n",
                 f.requests_per_second, static_cast<unsigned long long>(*s.rate));
}

int run(settings const& s) {
  load l(s);
  bench::figures const f = l.run();
  if (f.requests != 0) {
    print(s.json ? to_json(f) : to_table(f));
    print_remarks(s, f, l.first_error());
  }
  if (l.interrupted())
    return hvc::tools::exit_interrupted;
  return f.errors == f.requests || f.wrong != 0 ? 1 : 0;
}

int refuse(std::exception const& usage) {
  std::fprintf(stderr, "hvc-bench: %s (--help tells more)\n", usage.what());
  return hvc::tools::exit_usage;
}

} // namespace

int main(int argc, char** argv) {
  try {
    bench::count_openssl_apart();
    return run(parse_settings(argc, argv));
  } catch (bench::usage_error const& e) {
    return refuse(e);
  } catch (hvc::tools::usage_error const& e) {
    return refuse(e);
  } catch (std::invalid_argument const& e) { // an option the client refuses
    std::fprintf(stderr, "hvc-bench: %s\n", e.what());
    return hvc::tools::exit_usage;
  } catch (std::exception const& e) {
    std::fprintf(stderr, "hvc-bench: %s\n", e.what());
    return hvc::tools::exit_failure;
  }
}
