// The grammar of RFC 8259 as json::reader sees it, with Boost.JSON's parser as an independent judge.
#include "api/json_reader.hpp"
#include "samples.hpp"

#include <hvc/codec.hpp>

#include "catch.hpp"
#include "repeated.hpp"

#include <boost/json.hpp>
#include <pthread.h>
#include <random>

using namespace hvc;

using hvc::test::repeated;

namespace {

// What the reader says of a document nobody asks anything of: empty, or kind and reason.
std::string verdict(std::string_view text, unsigned depth = 32) {
  json::reader in(text, depth);
  if (in.begin() && in.skip() && in.finish())
    return "";
  auto const e = in.take_error();
  return std::string(to_string(e.kind())).append("(").append(e.reason()).append(")");
}

bool boost_accepts(std::string_view text) {
  boost::system::error_code ec;
  boost::json::parse(text, ec);
  return !ec;
}

} // namespace

TEST_CASE("documents the grammar allows are accepted") {
  for (std::string_view text : {"[]",
                                "{}",
                                "0",
                                "-0",
                                "-1",
                                "1.5",
                                "1e5",
                                "1E+5",
                                "1e-5",
                                "1.25E-2",
                                "true",
                                "false",
                                "null",
                                "\"\"",
                                " [ ] ",
                                "[1 , 2]",
                                "\t\r\n {\"a\" : [ { } , null ] } ",
                                R"({"":0})",
                                R"({"a":1,"a":2})",
                                R"("\"\\\/\b\f\n\r\t")",
                                R"("\u0000\u20AC\uD834\uDd1e")",
                                "\"\x7f\"",
                                "\"\xC3\xA9\xE2\x82\xAC\xF0\x9D\x84\x9E\"",
                                "[[[[[]]]]]",
                                "[1,[2,[3,{\"a\":[4]}]]]",
                                "123456789012345678901234567890",
                                "1e999999",
                                "\"\xF4\x8F\xBF\xBF\"",
                                "\"\xEF\xBF\xBF\"",
                                "[\"a\",\"0123456789abcdef0123456789abcdef\"]"}) {
    INFO(text);
    CHECK(verdict(text).empty());
    CHECK(boost_accepts(text));
  }
}

TEST_CASE("J2 a document cut short anywhere is refused") {
  std::string_view const whole = samples::full_info;
  CHECK(verdict(whole).empty());
  for (std::size_t n = 1; n < whole.size(); ++n) {
    INFO(n);
    CHECK(verdict(whole.substr(0, n)) == "decode(syntax)");
  }
}

TEST_CASE("J3 junk, a second document, trailing commas and comments are refused") {
  for (std::string_view text : {"{} x",        "{}{}",
                                "[] []",       "[1,]",
                                "[,1]",        "[,]",
                                "[1,,2]",      R"({"a":1,})",
                                R"({,"a":1})", "[1 2]",
                                R"({"a" 1})",  R"({"a":})",
                                R"({"a"})",    "{1:1}",
                                "{a:1}",       "{'a':1}",
                                "['a']",       "[1]]",
                                "{}}",         "[}",
                                "{]",          "[",
                                "{",           "]",
                                "}",           ",",
                                ":",           "[1}",
                                R"({"a":1])",  "// x\n{}",
                                "{}// x",      "/* */{}",
                                "[1/**/]",     "nul",
                                "tru",         "TRUE",
                                "True",        "nulll",
                                "truefalse",   R"({"a":1 "b":2})",
                                R"(["a":1])",  R"({"a":1,1})",
                                "[\"a",        "\"",
                                "\"\\",        "\"\\u",
                                "\"\\u00",     "x"}) {
    INFO(text);
    CHECK(verdict(text) == "decode(syntax)");
    CHECK_FALSE(boost_accepts(text));
  }
}

TEST_CASE("J3 control characters, unknown escapes and other spaces are refused") {
  using namespace std::string_view_literals;
  for (std::string_view text : {"\"\n\""sv, "\"\t\""sv, "\"\0\""sv, "\"\x1f\""sv, R"("\a")"sv, R"("\x41")"sv,
                                R"("\'")"sv, R"("\u12G4")"sv, R"("\U0041")"sv, R"("\u 041")"sv, "[\f1]"sv, "[\v1]"sv,
                                "\0[]"sv, "[]\0"sv, "[\xC2\xA0]"sv, "[\xE2\x81\xA0]"sv, "{\"a\n\":1}"sv}) {
    INFO(text);
    CHECK(verdict(text) == "decode(syntax)");
    CHECK_FALSE(boost_accepts(text));
  }
}

TEST_CASE("J4 a byte order mark is refused by its name, and UTF-16 and UTF-32 in any case") {
  using namespace std::string_view_literals;
  CHECK(verdict("\xEF\xBB\xBF{}"sv) == "decode(bom)");
  CHECK(verdict("\xFE\xFF\0{\0}"sv) == "decode(bom)");
  CHECK(verdict("\xFF\xFE{\0}\0"sv) == "decode(bom)");
  CHECK(verdict("\xFF\xFE\0\0{\0\0\0"sv) == "decode(bom)");
  CHECK(verdict("\0\0\xFE\xFF\0\0\0{"sv) == "decode(bom)");
  CHECK(verdict("{\0}\0"sv) == "decode(syntax)");
  CHECK(verdict("\0{\0}"sv) == "decode(syntax)");
  CHECK(verdict("\xEF\xBB{}"sv) == "decode(syntax)");
}

TEST_CASE("J5 malformed UTF-8 and lone surrogates are refused") {
  for (std::string_view inside : {"\x80",
                                  "\xBF",
                                  "\xC3",
                                  "\xC0\x80",
                                  "\xC1\xBF",
                                  "\xE0\x80\x80",
                                  "\xE0\x9F\xBF",
                                  "\xED\xA0\x80",
                                  "\xED\xBF\xBF",
                                  "\xED\xA0\x80\xED\xB0\x80",
                                  "\xE2\x82",
                                  "\xF0\x80\x80\x80",
                                  "\xF0\x8F\xBF\xBF",
                                  "\xF4\x90\x80\x80",
                                  "\xF5\x80\x80\x80",
                                  "\xF8\x88\x80\x80\x80",
                                  "\xFC\x84\x80\x80\x80\x80",
                                  "\xFE",
                                  "\xFF",
                                  "\xF0\x9D\x84",
                                  "\\uD800",
                                  "\\uDBFF\\uD800",
                                  "\\uDC00",
                                  "\\uDFFF",
                                  "\\uD834x",
                                  "\\uD834\\n",
                                  "\\uD834\\u0041",
                                  "\\uDD1E\\uD834"}) {
    for (std::string const before : {"", "a", "0123456", "01234567", "0123456789abcdef"}) {
      auto const text = "[\"" + before + std::string(inside) + "\"]";
      INFO(text);
      CHECK(verdict(text) == "decode(utf8)");
      CHECK_FALSE(boost_accepts(text));
    }
  }
}

TEST_CASE("J6 nesting is limited, in arrays and objects alike") {
  for (auto const& [open, close] : {std::pair("[", "]"), std::pair("{\"a\":", "}")}) {
    for (unsigned depth : {31U, 32U, 33U, 63U, 64U, 65U, 128U, 129U, 500U, 100'000U, 250'000U}) {
      CAPTURE(open, depth);
      auto const text = repeated(open, depth) + "1" + repeated(close, depth);
      CHECK(verdict(text) == (depth <= 32 ? "" : "limit(depth)"));
      CHECK(verdict(text, 64) == (depth <= 64 ? "" : "limit(depth)"));
      CHECK(verdict(repeated(open, depth), 64) == (depth <= 64 ? "decode(syntax)" : "limit(depth)"));
    }
  }
  CHECK(verdict(repeated("[", 250'000), 1'000'000) == "limit(depth)"); // no option lifts the last bound
}

#if !HVC_INSTRUMENTED // whose stack frames are larger
TEST_CASE("J6 a depth bomb needs no more than 64 KB of stack, whoever reads it") {
  struct task {
    std::string unknown = R"({"x":)" + repeated("[", 250'000);
    std::string known = R"({"status_message":{"params":)" + repeated(R"({"a":{"l":{"params":)", 100'000);
    bool limited = false;
    bool skipped = false;
    static void* run(void* self) {
      auto& t = *static_cast<task*>(self);
      t.limited = decode_sync_info(t.unknown).error().kind() == error_kind::limit &&
                  decode_sync_info(t.known).error().kind() == error_kind::limit;
      auto const e = decode_standard_error(
          R"({"error_type":"ERROR","data":)" + repeated("[", 250'000) + repeated("]", 250'000) + "}", 500);
      t.skipped = e.has_value() && e->error_type == error_type::error;
      return nullptr;
    }
  } t;
  pthread_attr_t small;
  pthread_attr_init(&small);
  REQUIRE(pthread_attr_setstacksize(&small, 64 * 1024) == 0);
  pthread_t thread;
  REQUIRE(pthread_create(&thread, &small, task::run, &t) == 0);
  pthread_join(thread, nullptr);
  pthread_attr_destroy(&small);
  CHECK(t.limited);
  CHECK(t.skipped);
}
#endif

TEST_CASE("J8 what only looks like a number is refused") {
  for (std::string_view text :
       {"NaN",   "-NaN",  "Infinity", "-Infinity", "inf",   "0x10",   "0x",  "+1",    "01",  "-01",
        "00",    ".5",    "-.5",      "1.",        "-",     "--1",    "1e",  "1e+",   "1E-", "1.e1",
        "1.5.5", "1e1.5", "1e5e5",    "0e",        "1_000", "1,000,", "- 1", "1 000", "١"}) {
    INFO(text);
    CHECK(verdict(text) == "decode(syntax)");
    CHECK_FALSE(boost_accepts(text));
    auto const member = R"({"polling_interval_in_seconds":)" + std::string(text) + "}";
    if (text != "1.5.5" && text != "1e1.5") // begins with a number, which is judged before what follows it
      CHECK(decode_sync_info(member).error().reason() == "syntax");
  }
}

TEST_CASE("Boost.JSON gives the same verdict on randomly damaged documents") {
  std::string const sources[] = {std::string(samples::full_info),
                                 samples::page_info(),
                                 samples::page_error(),
                                 R"([1,-2.5e3,"é\u20ac\ud834\udd1e",{"a":[true,false,null,{}]},[]])",
                                 repeated("[", 32) + repeated("]", 32),
                                 repeated("[{\"a\":", 16) + "1" + repeated("}]", 16)};
  constexpr std::string_view pieces = "{}[]:,\"\\/0123456789.eE+-truefalsn \n\t\x01\x7f\x80\xC3\xA9\xED\xA0\xF4\xFFuD8";
  std::mt19937 random(20260314);
  auto const below = [&](std::size_t n) { return static_cast<std::size_t>(random()) % n; };
  unsigned accepted = 0;
  constexpr unsigned rounds = 60'000;
  for (unsigned round = 0; round < rounds; ++round) {
    auto text = sources[below(std::size(sources))];
    for (auto n = 1 + below(3); n != 0; --n) {
      auto const at = below(text.size());
      switch (below(4)) {
      case 0:
        text[at] = pieces[below(pieces.size())];
        break;
      case 1:
        text.insert(at, 1, pieces[below(pieces.size())]);
        break;
      case 2:
        text.erase(at, 1 + below(3));
        break;
      default:
        text.insert(below(text.size()), text.substr(at, 1 + below(8)));
        break;
      }
      if (text.empty())
        text.push_back('0');
    }
    bool const ours = verdict(text).empty();
    accepted += ours ? 1 : 0;
    if (ours != boost_accepts(text)) {
      CAPTURE(round, text, verdict(text));
      FAIL("verdicts differ");
    }
  }
  CHECK(accepted > rounds / 20); // the test means something only if both verdicts occur
  CHECK(accepted < rounds - rounds / 20);
}

TEST_CASE("strings of every length are scanned to their end, wherever the special byte stands") {
  for (std::size_t length = 0; length < 70; ++length) {
    std::string const plain(length, 'x');
    for (std::string const special : {"\\n", "é", "\U0001F600", "\\\"", "\x7f"}) {
      for (std::size_t at = 0; at <= length; ++at) {
        auto inside = plain;
        inside.insert(at, special);
        auto const text = '"' + inside + '"';
        std::string ours;
        json::reader in(text, 32);
        bool const good = in.begin() && in.string(ours) && in.finish();
        if (!good || ours != boost::json::parse(text).as_string())
          FAIL(text);
      }
    }
  }
}
