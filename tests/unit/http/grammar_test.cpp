#include "catch.hpp"

#include "http/grammar.hpp"

#include <string>
#include <vector>

using namespace hvc::http::grammar;

namespace {

std::vector<std::string> elements(std::string_view list) {
  std::vector<std::string> all;
  for (bool more = true; more;)
    all.emplace_back(next_element(list, more));
  return all;
}

} // namespace

TEST_CASE("the character classes are those of RFC 9110") {
  int tokens = 0;
  int texts = 0;
  for (int c = 0; c < 256; ++c) {
    tokens += is_token_char(static_cast<char>(c)) ? 1 : 0;
    texts += is_text_char(static_cast<char>(c)) ? 1 : 0;
  }
  CHECK(tokens == 10 + 26 + 26 + 15);
  CHECK(texts == 1 + 95 + 128);
  for (char const c : std::string_view{"\"(),/:;<=>?@[\\]{} \t\r\n\x7F\x80"})
    CHECK(!is_token_char(c));
}

TEST_CASE("a list falls into its elements, empty ones included") {
  CHECK(elements("a") == std::vector<std::string>{"a"});
  CHECK(elements(" a ,\tb\t,c d") == std::vector<std::string>{"a", "b", "c d"});
  CHECK(elements("") == std::vector<std::string>{""});
  CHECK(elements("a,") == std::vector<std::string>{"a", ""});
  CHECK(elements(",,") == std::vector<std::string>{"", "", ""});
}

TEST_CASE("only blanks are trimmed") {
  CHECK(trim(" \t a b \t") == "a b");
  CHECK(trim(" \t ").empty());
  CHECK(trim("\ra\n") == "\ra\n");
}
