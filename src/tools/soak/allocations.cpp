#include "allocations.hpp"

#include <openssl/crypto.h>

#include <atomic>
#include <cstdlib>
#include <new>

namespace {

std::atomic<std::int64_t> live{0};

#if !HVC_INSTRUMENTED
void* counted(void* p) noexcept {
  if (p != nullptr)
    live.fetch_add(1, std::memory_order_relaxed);
  return p;
}

void release(void* p) noexcept {
  if (p != nullptr)
    live.fetch_sub(1, std::memory_order_relaxed);
  std::free(p);
}

void* openssl_allocate(std::size_t size, char const*, int) { return size == 0 ? nullptr : counted(std::malloc(size)); }

void* openssl_reallocate(void* p, std::size_t size, char const*, int) {
  if (size == 0) {
    release(p);
    return nullptr;
  }
  return p == nullptr ? counted(std::malloc(size)) : std::realloc(p, size);
}

void openssl_free(void* p, char const*, int) { release(p); }
#endif

} // namespace

#if !HVC_INSTRUMENTED
// The other forms of new and delete call these.
void* operator new(std::size_t size) {
  if (void* const p = counted(std::malloc(size == 0 ? 1 : size)))
    return p;
  throw std::bad_alloc();
}

void* operator new(std::size_t size, std::align_val_t alignment) {
  auto const a = static_cast<std::size_t>(alignment);
  if (void* const p = counted(std::aligned_alloc(a, (size + a - 1) / a * a)))
    return p;
  throw std::bad_alloc();
}

void operator delete(void* p) noexcept { release(p); }
void operator delete(void* p, std::size_t) noexcept { release(p); }
void operator delete(void* p, std::align_val_t) noexcept { release(p); }
void operator delete(void* p, std::size_t, std::align_val_t) noexcept { release(p); }
#endif

namespace hvc::soak {

bool count_allocations() noexcept {
#if !HVC_INSTRUMENTED
  return CRYPTO_set_mem_functions(openssl_allocate, openssl_reallocate, openssl_free) == 1;
#else
  return false;
#endif
}

// OpenSSL keeps the words of a thread's last errors: those are no leak.
std::int64_t live_allocations() noexcept {
  OPENSSL_thread_stop();
  return live.load(std::memory_order_relaxed);
}

} // namespace hvc::soak
