// OpenSSL's memory fails. The functions that give it are this program's own.
#include "fault_fixture.hpp"

#include <openssl/crypto.h>

#include <cstdlib>
#include <new>

using namespace hvc;
using namespace hvc::test;

namespace {

// Fails once, for one thread, after so many allocations.
class countdown {
public:
  void start(long allocations) noexcept {
    left_ = allocations;
    failed_ = false;
  }
  void stop() noexcept { left_ = -1; }
  [[nodiscard]] bool failed() const noexcept { return failed_; }
  [[nodiscard]] bool fails_now() noexcept {
    if (left_ < 0 || left_-- != 0)
      return false;
    failed_ = true;
    return true;
  }

private:
  long left_ = -1; // negative: none fails
  bool failed_ = false;
};

thread_local countdown of_openssl;

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
[[maybe_unused]] bool const openssl_uses_ours = ::CRYPTO_set_mem_functions(allocate, reallocate, release) == 1;

void behave(conversation& c) {
  c.shake_hands();
  for (;;) {
    c.hear();
    c.say(good_reply());
  }
}

struct outcome {
  bool failed = false;    // an allocation did
  bool begun = false;     // the initiating function returned
  bool threw = false;     // run() did
  bool completed = false; // the call
};

// One call, with an allocation that fails in its course.
outcome call_with(countdown& memory, long allocations, fault_world& w, hvc::client& client,
                  std::optional<result<sync_info>>& r) {
  outcome o;
  memory.start(allocations);
  try {
    client.get_provider_sync("link-1", "provider-1", [&](result<sync_info> x) {
      memory.stop();
      r = std::move(x);
    });
    o.begun = true;
    o.completed = w.run_until([&] { return r.has_value(); }, 5s);
  } catch (std::bad_alloc const&) {
    o.threw = o.begun;
  }
  memory.stop();
  o.failed = memory.failed();
  return o;
}

constexpr long most_allocations = 20'000; // of a call: there are far fewer
constexpr long step = 3;

client_options one_attempt(client_options o) {
  o.retry().attempts = 1;
  return o;
}

} // namespace

TEST_CASE("X4 whichever allocation of OpenSSL fails, the call ends or was never begun, and the next one succeeds") {
  REQUIRE(openssl_uses_ours);
  fault_world w(behave);
  unsigned failures = 0, untouched = 0;
  for (long k = 0; untouched != 3 && k < most_allocations; k += step) {
    CAPTURE(k);
    std::optional<result<sync_info>> r;                    // outlives the client
    auto client = w.make_client(one_attempt(w.options())); // reads the trusted certificates: that is not tested here
    auto const o = call_with(of_openssl, k, w, client, r);
    CHECK_FALSE(o.threw);
    CHECK(o.completed == o.begun);
    failures += !r || !*r ? 1U : 0U;
    untouched = o.failed ? 0 : untouched + 1;
    CHECK(outcome_of(w.get(client)) == "OK");
  }
  CHECK(untouched == 3);
  CHECK(failures > 50);
}
