#include "catch.hpp"

#include "http/path_segment.hpp"

#include <random>

using namespace hvc::http;
using namespace std::literals;

namespace {

std::string encoded(std::string_view id) {
  std::string out;
  CHECK(append_segment(out, id) == segment_error::none);
  return out;
}

segment_error error_of(std::string_view id) {
  std::string out = "before";
  segment_error const e = append_segment(out, id);
  CHECK(out == "before");
  return e;
}

bool is_safe(std::string_view segment) {
  return segment.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~%") ==
         std::string_view::npos;
}

} // namespace

TEST_CASE("an id of unreserved characters stays as it is") {
  CHECK(encoded("AZaz09-._~") == "AZaz09-._~");
  CHECK(encoded("...") == "...");
}

TEST_CASE("U1 an empty id is refused") { CHECK(error_of("") == segment_error::empty); }

TEST_CASE("U2 dot segments are refused, what merely contains dots is not") {
  CHECK(error_of(".") == segment_error::dot_segment);
  CHECK(error_of("..") == segment_error::dot_segment);
  CHECK(encoded("../../session") == "..%2F..%2Fsession");
  CHECK(encoded("%2e%2e") == "%252e%252e");
  CHECK(encoded("a/b") == "a%2Fb");
  CHECK(encoded("a%2Fb") == "a%252Fb");
  CHECK(encoded("\\") == "%5C");
}

TEST_CASE("U3 control characters never go out raw") { CHECK(encoded("\r\n\t\x7F\0x"sv) == "%0D%0A%09%7F%00x"); }

TEST_CASE("U4 what means something in a URL is encoded") {
  CHECK(encoded("?#;&=+ \"'") == "%3F%23%3B%26%3D%2B%20%22%27");
  CHECK(encoded("user@host:1") == "user%40host%3A1");
}

TEST_CASE("U5 bytes beyond ASCII are encoded without normalisation") {
  CHECK(encoded("\xC3\xA9") == "%C3%A9");
  CHECK(encoded("e\xCC\x81") == "e%CC%81");
  CHECK(encoded("\xFF\xFE\xC0\x80") == "%FF%FE%C0%80");
  CHECK(encoded("\xF0\x9F\x98\x80") == "%F0%9F%98%80");
  CHECK(encoded("\xE2\x80\xAEx") == "%E2%80%AEx");
}

TEST_CASE("U6 an id may have 2,048 bytes encoded, no more") {
  CHECK(encoded(std::string(2'048, 'a')).size() == 2'048);
  CHECK(error_of(std::string(2'049, 'a')) == segment_error::too_long);
  CHECK(encoded(std::string(682, '/') + "aa").size() == 2'048);
  CHECK(error_of(std::string(683, '/')) == segment_error::too_long);
  CHECK(error_of(std::string(1'000'000, '/')) == segment_error::too_long);
}

TEST_CASE("U4 decoding gives back any id") {
  std::mt19937 random{20'240'601};
  std::uniform_int_distribution<int> any_byte{0, 255};
  std::uniform_int_distribution<std::size_t> any_size{1, 24};
#ifdef NDEBUG
  int const rounds = 1'000'000;
#else
  int const rounds = 100'000;
#endif
  std::string id;
  std::string segment;
  for (int i = 0; i < rounds; ++i) {
    id.resize(any_size(random));
    for (char& c : id)
      c = static_cast<char>(any_byte(random));
    if (id == "." || id == "..")
      continue;
    segment.clear();
    bool const appended = append_segment(segment, id) == segment_error::none;
    if (!appended || !is_safe(segment) || decode_segment(segment) != id) {
      CAPTURE(id, segment);
      REQUIRE(false);
    }
  }
}

TEST_CASE("what is no segment is not decoded") {
  for (std::string_view const bad : {"%", "%2", "%2g", "%g2", "a%", "a/b", "a?b", "a#b", "a b", "\x80", "a\"b", "\x7F"})
    CHECK(!decode_segment(bad));
  CHECK(!decode_segment("\0"sv));
  CHECK(decode_segment("%2f%2F") == "//");
  CHECK(decode_segment("a+b:@!$&'()*,;=") == "a+b:@!$&'()*,;=");
  CHECK(decode_segment("") == "");
}
