#include "session/authorization.hpp"
#include "session/secret.hpp"

#include "catch.hpp"

using namespace hvc::session;

TEST_CASE("Basic credentials are those of RFC 7617") {
  CHECK(basic_line("Aladdin", "open sesame") == "Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="); // section 2
  CHECK(basic_line("test", "123\xC2\xA3") == "Authorization: Basic dGVzdDoxMjPCow==");                // section 2.1
  CHECK(basic_line("a", "") == "Authorization: Basic YTo=");
  CHECK(basic_line("", "") == "Authorization: Basic Og==");
  CHECK(basic_line("u", "a:b") == "Authorization: Basic dTphOmI=");
  CHECK(basic_line("u", std::string_view("\0\xff", 2)) == "Authorization: Basic dToA/w==");
}

TEST_CASE("long credentials are one line") {
  auto const text = basic_line(std::string(300, 'u'), std::string(300, 'p'));
  CHECK(text.size() == 21 + 4 * ((601 + 2) / 3));
  CHECK(text.find('\n') == std::string::npos);
  CHECK(text.find('\0') == std::string::npos);
}

TEST_CASE("the token is the JSON string of the reply") {
  CHECK(parse_token("\"b00db39f948d13ea1e59b4d6fce56389\"") == "b00db39f948d13ea1e59b4d6fce56389");
  CHECK(parse_token(" \"a\" \r\n") == "a");
  CHECK(parse_token("\"\\u0041\\/\"") == "A/");
  CHECK(parse_token('"' + std::string(4096, 't') + '"') == std::string(4096, 't'));
}

TEST_CASE("S10 a token that may not be sent is no token") {
  for (std::string_view const body : {"",
                                      "null",
                                      "true",
                                      "17",
                                      "[]",
                                      "[\"a\"]",
                                      "{}",
                                      "{\"value\":\"a\"}",
                                      "\"\"",
                                      "\"a",
                                      "a",
                                      "\"a\" x",
                                      "\"a\"\"b\"",
                                      "\"a\\r\\nX-Evil: 1\"",
                                      "\"a\\nb\"",
                                      "\"a\\u0000b\"",
                                      "\"a b\"",
                                      "\" a\"",
                                      "\"a\\tb\"",
                                      "\"\\u007f\"",
                                      "\"caf\\u00e9\"",
                                      "\"\xC3\xA9\"",
                                      "\"\\ud800\"",
                                      "\"a\r\n\"",
                                      "\"\xff\""}) {
    CAPTURE(body);
    CHECK_FALSE(parse_token(body));
  }
  CHECK_FALSE(parse_token('"' + std::string(4097, 't') + '"'));
  CHECK_FALSE(parse_token('"' + std::string(64 * 1024, 't') + '"'));
}

TEST_CASE("S10 every byte is judged as a field value's: visible ASCII only") {
  for (int c = 0; c < 256; ++c) {
    std::string const text{'a', static_cast<char>(c), 'b'};
    CAPTURE(c);
    CHECK(is_token(text) == (c > 0x20 && c < 0x7f));
  }
}

TEST_CASE("S15 a cleansed text is gone, and so is what a secret held") {
  std::string text(100, 'p');
  char const* const memory = text.data();
  cleanse(text);
  CHECK(text.empty());
  CHECK(std::string_view(memory, 1) == std::string_view("\0", 1)); // the string's own memory still
  text.resize(100, 'x');
  CHECK(text.data() == memory);

  secret s(std::string("first"));
  s.assign("second");
  CHECK(s.text() == "second");
}
