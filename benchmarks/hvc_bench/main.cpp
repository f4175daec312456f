// hvc-bench: loads a server through hvc::client and tells what a request cost this process.
#include "load.hpp"
#include "settings.hpp"

#include "allocations.hpp"
#include "command_line.hpp"
#include "tools/sync/usage_error.hpp"

#include <cstdio>
#include <exception>

namespace {

int refuse(std::exception const& usage) {
  std::fprintf(stderr, "hvc-bench: %s (--help tells more)\n", usage.what());
  return 2;
}

} // namespace

int main(int argc, char** argv) {
  try {
    bench::count_openssl_apart();
    settings const s = parse_settings(argc, argv);
    load l(s);
    bench::figures const f = l.run();
    std::fputs((s.json ? to_json(f) : to_table(f)).c_str(), stdout);
    if (!l.first_error().empty())
      std::fprintf(stderr, "hvc-bench: first error: %s\n", l.first_error().c_str());
    if (s.rate && f.requests_per_second < 0.9 * static_cast<double>(*s.rate))
      std::fprintf(stderr, "hvc-bench: reached %.0f of the %llu a second asked for: latencies are those of a queue\n",
                   f.requests_per_second, static_cast<unsigned long long>(*s.rate));
    return f.errors == f.requests || f.wrong != 0 ? 1 : 0;
  } catch (bench::usage_error const& e) {
    return refuse(e);
  } catch (hvc::tools::usage_error const& e) {
    return refuse(e);
  } catch (std::invalid_argument const& e) { // an option the client refuses
    std::fprintf(stderr, "hvc-bench: %s\n", e.what());
    return 2;
  } catch (std::exception const& e) {
    std::fprintf(stderr, "hvc-bench: %s\n", e.what());
    return 3;
  }
}
