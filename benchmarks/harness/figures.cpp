#include "figures.hpp"

#include <sys/resource.h>

#include <cstdio>

namespace bench {

namespace {

template <class... Args> void append(std::string& out, char const* format, Args... args) {
  char text[128];
  int const size = std::snprintf(text, sizeof text, format, args...);
  out.append(text, static_cast<std::size_t>(size));
}

unsigned long long wide(std::uint64_t n) { return n; } // printf has no portable letter for uint64_t

double microseconds(timeval const& t) { return 1e6 * static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec); }

rusage usage() noexcept {
  rusage u{};
  ::getrusage(RUSAGE_SELF, &u);
  return u;
}

} // namespace

std::string to_json(figures const& f) {
  std::string out;
  append(out, "{\"requests\":%llu,\"errors\":%llu,\"wrong\":%llu,", wide(f.requests), wide(f.errors), wide(f.wrong));
  append(out, "\"seconds\":%.6f,\"requests_per_second\":%.1f,", f.seconds, f.requests_per_second);
  append(out, "\"cpu_us_per_request\":%.3f,", f.cpu_us_per_request);
  append(out, "\"p50_us\":%.1f,\"p99_us\":%.1f,\"p999_us\":%.1f,", f.p50_us, f.p99_us, f.p999_us);
  append(out, "\"allocations_per_request\":%.3f,\"peak_rss_kb\":%ld,", f.allocations_per_request, f.peak_rss_kb);
  append(out, "\"connections_opened\":%llu,\"retries\":%llu", wide(f.connections_opened), wide(f.retries));
  if (f.openssl_allocations_per_request)
    append(out, ",\"openssl_allocations_per_request\":%.3f", *f.openssl_allocations_per_request);
  if (f.hash)
    append(out, ",\"hash\":\"%s\"", f.hash->c_str());
  return out + "}\n";
}

std::string to_table(figures const& f) {
  std::string out;
  append(out, "requests             %12llu   in %.3f s\n", wide(f.requests), f.seconds);
  append(out, "errors               %12llu   wrong replies %llu\n", wide(f.errors), wide(f.wrong));
  append(out, "requests per second  %12.0f\n", f.requests_per_second);
  append(out, "CPU a request        %12.2f us\n", f.cpu_us_per_request);
  append(out, "latency p50          %12.1f us\n", f.p50_us);
  append(out, "        p99          %12.1f us\n", f.p99_us);
  append(out, "        p99.9        %12.1f us\n", f.p999_us);
  append(out, "allocations a request%12.2f", f.allocations_per_request);
  if (f.openssl_allocations_per_request)
    append(out, "   OpenSSL's own %.2f", *f.openssl_allocations_per_request);
  append(out, "\npeak memory          %12ld kB\n", f.peak_rss_kb);
  append(out, "connections opened   %12llu   retries %llu\n", wide(f.connections_opened), wide(f.retries));
  if (f.hash)
    append(out, "hash of the values   %s\n", f.hash->c_str());
  return out;
}

double process_cpu_us() noexcept {
  rusage const u = usage();
  return microseconds(u.ru_utime) + microseconds(u.ru_stime);
}

long process_peak_rss_kb() noexcept { return usage().ru_maxrss; }

} // namespace bench
