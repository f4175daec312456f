// What decoding asks of the heap. Replaces operator new of the test program to count.
#include "samples.hpp"

#include <hvc/codec.hpp>

#include "catch.hpp"

#include <cstdlib>
#include <new>

namespace {
thread_local std::size_t allocations = 0;
}

// Every form, so that whatever takes memory here gives it back here: a sanitizer has forms of its own.
void* operator new(std::size_t size, std::nothrow_t const&) noexcept {
  ++allocations;
  return std::malloc(size == 0 ? 1 : size);
}
void* operator new(std::size_t size) {
  if (void* const p = operator new(size, std::nothrow))
    return p;
  throw std::bad_alloc();
}
void* operator new[](std::size_t size) { return operator new(size); }
void* operator new[](std::size_t size, std::nothrow_t const&) noexcept { return operator new(size, std::nothrow); }
void operator delete(void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }
void operator delete(void* p, std::nothrow_t const&) noexcept { std::free(p); }
void operator delete[](void* p) noexcept { std::free(p); }
void operator delete[](void* p, std::size_t) noexcept { std::free(p); }
void operator delete[](void* p, std::nothrow_t const&) noexcept { std::free(p); }

namespace {
std::size_t allocations_of_decoding(std::string_view text) {
  auto const before = allocations;
  auto const decoded = hvc::decode_sync_info(text);
  auto const count = allocations - before;
  REQUIRE(decoded.has_value());
  return count;
}
} // namespace

TEST_CASE("a minimal Info is decoded without an allocation") {
  CHECK(allocations_of_decoding(samples::minimal_info) == 0);
  CHECK(allocations_of_decoding(R"( {"status" : "SUCCEEDED", "polling_interval_in_seconds" : 300,
    "last_sync_time" : "2026-03-14T09:26:53.589Z"} )") == 0);
  CHECK(allocations_of_decoding(R"({"an_unknown_member_of_some_length":{"a":["a string of some length",1.5]},)"
                                R"("status":"SUCCEEDED","polling_interval_in_seconds":300})") == 0);
}

TEST_CASE("a full Info is decoded with the allocations of its own strings and lists") {
  // two lists of arguments, two maps with entries and a nested message; every string here is short
  CHECK(allocations_of_decoding(samples::full_info) == 5);
}

TEST_CASE("a string with escapes takes its room once, and no more than it takes in the document") {
  std::string const members = R"("status":"SUCCEEDED","polling_interval_in_seconds":300,"status_message":)";
  auto const room = [&](std::string const& text) { // as it stands between the quotes
    std::string const json = "{" + members + R"({"id":")" + text + R"(","default_message":"short","args":[]}})";
    CHECK(allocations_of_decoding(json) == 1);
    return hvc::decode_sync_info(json)->status_message->id.capacity();
  };
  for (std::string const text :
       {R"(40 characters until the first quote are \"these and these\" there)",
        R"(a backslash before the end of the string \\)", R"(a backslash at the end, and a quote behind it \\\")",
        R"(\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\\ backslashes, and a quote \")"})
    CHECK(room(text) <= text.size() + 1);
}

TEST_CASE("a string with escapes that never ends is refused, whatever its last byte") {
  for (std::string const end : {"", "\\", "\\\"", "\\\\\\\""})
    CHECK(!hvc::decode_sync_info(R"({"status":"a text \n of some length)" + end).has_value());
}
