// How often this thread has asked for heap memory. A program that links allocations.cpp has its malloc, calloc,
// realloc, aligned_alloc and posix_memalign counted: operator new alone would miss Asio, which uses aligned_alloc.
#pragma once

#include <cstdint>

namespace bench {

/// All requests for memory made by the calling thread since it began; 0 where counting is not possible (a sanitizer
/// owns malloc, or the C library is not glibc).
[[nodiscard]] std::uint64_t allocations_of_this_thread() noexcept;

/// Of these, the ones OpenSSL made; 0 unless count_openssl_apart() was called.
[[nodiscard]] std::uint64_t openssl_allocations_of_this_thread() noexcept;

/// Has OpenSSL's own requests counted apart. To be called before OpenSSL is first used; false if it is too late.
bool count_openssl_apart() noexcept;

} // namespace bench
