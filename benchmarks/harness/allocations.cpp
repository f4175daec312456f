#include "allocations.hpp"

#include <openssl/crypto.h>

#include <cerrno>
#include <cstdlib>

namespace {

// A plain thread-local in the program itself is one instruction away; no lock, no atomic.
struct counters {
  std::uint64_t all = 0;
  std::uint64_t openssl = 0;
};
constinit thread_local counters counted;

void* openssl_malloc(std::size_t size, char const*, int) {
  ++counted.openssl;
  return std::malloc(size);
}
void* openssl_realloc(void* block, std::size_t size, char const*, int) {
  ++counted.openssl;
  return std::realloc(block, size);
}
void openssl_free(void* block, char const*, int) { std::free(block); }

} // namespace

#if defined(__has_feature)
#define BENCH_HAS_FEATURE(x) __has_feature(x)
#else
#define BENCH_HAS_FEATURE(x) 0
#endif

#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__) &&                           \
    !BENCH_HAS_FEATURE(address_sanitizer) && !BENCH_HAS_FEATURE(thread_sanitizer)
// glibc's own names for the allocator that stands behind the ones replaced here.
extern "C" {
void* __libc_malloc(std::size_t);                // NOLINT(bugprone-reserved-identifier)
void* __libc_calloc(std::size_t, std::size_t);   // NOLINT(bugprone-reserved-identifier)
void* __libc_realloc(void*, std::size_t);        // NOLINT(bugprone-reserved-identifier)
void* __libc_memalign(std::size_t, std::size_t); // NOLINT(bugprone-reserved-identifier)

void* malloc(std::size_t size) {
  ++counted.all;
  return __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) {
  ++counted.all;
  return __libc_calloc(count, size);
}
void* realloc(void* block, std::size_t size) {
  ++counted.all;
  return __libc_realloc(block, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) {
  ++counted.all;
  return __libc_memalign(alignment, size);
}
int posix_memalign(void** block, std::size_t alignment, std::size_t size) {
  ++counted.all;
  void* const memory = __libc_memalign(alignment, size);
  if (memory == nullptr)
    return ENOMEM;
  *block = memory;
  return 0;
}
}
#endif

namespace bench {

std::uint64_t allocations_of_this_thread() noexcept { return counted.all; }
std::uint64_t openssl_allocations_of_this_thread() noexcept { return counted.openssl; }
bool count_openssl_apart() noexcept {
  return CRYPTO_set_mem_functions(openssl_malloc, openssl_realloc, openssl_free) == 1;
}

} // namespace bench
