#include "failing_memory.hpp"

#include <openssl/crypto.h>

#include <algorithm>
#include <cstdlib>
#include <new>

namespace {

thread_local hvc::test::countdown of_openssl, of_ours;
thread_local long live = 0;

void* allocate(std::size_t size, char const*, int) {
  return size == 0 || of_openssl.fails_now() ? nullptr : std::malloc(size);
}

void* reallocate(void* p, std::size_t size, char const*, int) {
  if (size == 0) {
    std::free(p);
    return nullptr;
  }
  return of_openssl.fails_now() ? nullptr : std::realloc(p, size);
}

void release(void* p, char const*, int) { std::free(p); }

// Before anything uses OpenSSL.
bool const is_arranged = ::CRYPTO_set_mem_functions(allocate, reallocate, release) == 1;

} // namespace

namespace hvc::test {

countdown& memory_of_openssl() noexcept { return of_openssl; }
countdown& memory_of_ours() noexcept { return of_ours; }
long live_allocations() noexcept { return live; }
bool openssl_uses_ours() noexcept { return is_arranged; }

} // namespace hvc::test

void* operator new(std::size_t size) {
  if (of_ours.fails_now())
    throw std::bad_alloc();
  void* const p = std::malloc(size == 0 ? 1 : size);
  if (p == nullptr)
    throw std::bad_alloc();
  ++live;
  return p;
}

// What is freed as one is allocated as one, also where a sanitizer has an operator of its own.
void* operator new(std::size_t size, std::nothrow_t const&) noexcept {
  try {
    return operator new(size);
  } catch (std::bad_alloc const&) {
    return nullptr;
  }
}

void operator delete(void* p) noexcept {
  live -= p != nullptr ? 1 : 0;
  std::free(p);
}
void operator delete(void* p, std::size_t) noexcept { operator delete(p); }

// That of Asio's handlers.
extern "C" void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
  void* p = nullptr;
  return of_ours.fails_now() || ::posix_memalign(&p, std::max(alignment, sizeof p), size) != 0 ? nullptr : p;
}
