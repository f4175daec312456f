#include "samples.hpp"

#include <hvc/codec.hpp>

#include "catch.hpp"

using namespace hvc;

namespace {

std::string body(std::string_view type, std::string_view more = "") {
  return R"({"messages":[{"id":"i","default_message":"m","args":[]}],"error_type":)" + std::string(type) +
         std::string(more) + "}";
}

bool noted(standard_error const& e, std::string_view begin) {
  for (auto const& note : e.notes)
    if (std::string_view(note).starts_with(begin))
      return true;
  return false;
}

} // namespace

TEST_CASE("J19 each of the 25 error types is decoded with each status, and decides") {
  for (int i = 1; i <= 25; ++i) {
    auto const type = static_cast<error_type>(i);
    auto const name = enum_names<error_type>::name(type);
    REQUIRE_FALSE(name.empty());
    for (int status : {400, 401, 403, 404, 500, 503}) {
      auto const e = decode_standard_error(body('"' + std::string(name) + '"'), status);
      REQUIRE(e.has_value());
      CHECK(e->error_type == type);
      CHECK_FALSE(e->error_type_derived);
      CHECK(e->messages.at(0).id == "i");
      CHECK(e->notes.empty());
    }
  }
}

TEST_CASE("J20 an unknown error type is kept, a missing one derived from the status") {
  CHECK(decode_standard_error(body("\"NEW\""), 500)->error_type.name() == "NEW");
  for (auto const& text : {body("null"), std::string(R"({"messages":[]})")}) {
    auto const e = decode_standard_error(text, 404);
    REQUIRE(e.has_value());
    CHECK(e->error_type == error_type::not_found);
    CHECK(e->error_type_derived);
    CHECK(e->notes.empty());
  }
}

TEST_CASE("J20 an error type that is no string is noted and derived, if there are messages") {
  auto const e = decode_standard_error(body("7"), 503);
  REQUIRE(e.has_value());
  CHECK(e->error_type == error_type::service_unavailable);
  CHECK(e->error_type_derived);
  CHECK(e->messages.size() == 1);
  CHECK(noted(*e, "error_type: expected a string, found a number"));
}

TEST_CASE("J20 missing and odd messages are noted and hide nothing") {
  for (std::string_view messages : {"null", "7", "\"x\"", "{}", "true"}) {
    auto const e = decode_standard_error(R"({"error_type":"ERROR","messages":)" + std::string(messages) + "}", 500);
    REQUIRE(e.has_value());
    CHECK(e->error_type == error_type::error);
    CHECK(e->messages.empty());
    CHECK(noted(*e, "messages: expected an array"));
  }
  auto const absent = decode_standard_error(R"({"error_type":"ERROR"})", 500);
  REQUIRE(absent.has_value());
  CHECK(noted(*absent, "messages: required, but missing"));

  auto const odd = decode_standard_error(
      R"({"messages":[7,{"id":"a"},{"id":3,"default_message":"kept","args":["x",null,"y"]}],"error_type":"ERROR"})",
      500);
  REQUIRE(odd.has_value());
  REQUIRE(odd->messages.size() == 2);
  CHECK(odd->messages[0].id == "a");
  CHECK(odd->messages[1].default_message == "kept");
  CHECK(odd->messages[1].args == std::vector<std::string>{"x", "y"});
  for (auto const* const begin :
       {"messages[0]: expected an object", "messages[1].default_message: required", "messages[1].args: required",
        "messages[2].id: expected a string", "messages[2].args[1]: expected a string, found null"}) {
    INFO(begin);
    CHECK(noted(*odd, begin));
  }
}

TEST_CASE("J20 data of any depth is kept as it is, or left out beyond the limit") {
  auto const flat = decode_standard_error(body("\"ERROR\"", R"(,"data": {"a" : [1, {"b":null}]} )"), 500);
  REQUIRE(flat.has_value());
  CHECK(flat->data.json() == R"({"a" : [1, {"b":null}]})");
  auto const deep = decode_standard_error(
      body("\"ERROR\"", R"(,"data":{"a":)" + std::string(250'000, '[') + std::string(250'000, ']') + "}"), 500);
  REQUIRE(deep.has_value());
  CHECK(deep->error_type == error_type::error);
  CHECK(deep->data.empty());
  CHECK(noted(*deep, "data: nested too deeply"));
  CHECK(decode_standard_error(body("\"ERROR\"", R"(,"data":null)"), 500)->data.empty());
  CHECK(decode_standard_error(body("\"ERROR\"", R"(,"data":null)"), 500)->notes.empty());
  auto const odd = decode_standard_error(body("\"ERROR\"", R"(,"data":[1])"), 500);
  CHECK(odd->data.empty());
  CHECK(noted(*odd, "data: expected an object"));
}

TEST_CASE("J5 J20 a string of an error that is no text is left out and noted, wherever it stands, and hides nothing") {
  struct part {
    std::string_view before, after, note;
  };
  for (std::string_view const bad :
       {"\\ud800", "\\udc00", "\\ud800\\u0041", "\xFF", "w\xF6rd \\n", "\xE2\x82", "\xFF\\\"\xFF"})
    for (auto const& [before, after, note] : {
             part{R"("messages":[{"id":"a","default_message":")", R"(","args":[]},{"id":"b"}])",
                  "messages[0].default_message: "},
             part{R"("messages":[{"id":"a","args":["x",")", R"("]},{"id":"b"}])", "messages[0].args[1]: "},
             part{R"("messages":[{"id":"a","params":{"n":{"s":")", R"("}}},{"id":"b"}])", "messages[0].params.n.s: "},
             part{R"("messages":[{"id":"a","params":{")", R"(":{"s":[{}]},"n":{}}},{"id":"b"}])",
                  "messages[0].params: has a member whose name"},
             part{R"("messages":[{"id":"a",")", R"(":[{}]},{"id":"b"}])", "messages[0]: has a member whose name"},
             part{R"("messages":[{"id":"a"},{"id":"b"}],"data":{"a":[")", R"("]})", "data: "},
             part{R"("messages":[{"id":"a"},{"id":"b"}],"data":{")", R"(":1})", "data: "},
             part{R"("messages":[{"id":"a"},{"id":"b"}],"data":")", R"(")", "data: "},
             part{R"("messages":[{"id":"a"},{"id":"b"}],"challenge":")", R"(")", "challenge: "},
             part{R"("messages":[{"id":"a"},{"id":"b"}],"more":[{"x":")", R"("}])", "more: "},
             part{R"("messages":[{"id":"a"},{"id":"b"}],")", R"(":[{}])", "the document has a member whose name"},
         }) {
      auto const text = R"({"error_type":"UNAUTHORIZED",)" + std::string(before) + std::string(bad) +
                        std::string(after) + R"(,"tail":0})";
      CAPTURE(text, note);
      auto const e = decode_standard_error(text, 403);
      REQUIRE(e.has_value());
      CHECK(e->error_type == error_type::unauthorized);
      CHECK_FALSE(e->error_type_derived);
      REQUIRE(e->messages.size() == 2);
      CHECK(e->messages[0].id == "a");
      CHECK(e->messages[1].id == "b");
      CHECK(e->data.empty());
      CHECK_FALSE(e->challenge);
      CHECK(noted(*e, note));
    }
}

TEST_CASE("J5 J20 an error type that is no text is noted and derived, if there are messages") {
  auto const e = decode_standard_error(body("\"\xFF\""), 403);
  REQUIRE(e.has_value());
  CHECK(e->error_type == error_type::unauthorized);
  CHECK(e->error_type_derived);
  CHECK(e->messages.size() == 1);
  CHECK(noted(*e, "error_type: malformed UTF-8"));
}

TEST_CASE("J5 an error whose string does not end, or is none, is no standard error, be there other damage or not") {
  for (std::string_view text :
       {"{\"error_type\":\"ERROR\",\"x\":\"\xFF}", R"({"error_type":"ERROR","x":"\ud800\"})",
        R"({"error_type":"ERROR","x":"\ud800\ud8"})", R"({"error_type":"ERROR","x":"\ud800\q"})",
        "{\"error_type\":\"ERROR\",\"x\":\"\xFF\n\"}", R"({"error_type":"ERROR","\ud800"})",
        R"({"error_type":"ERROR","\ud800":})", "{\"error_type\":\"ERROR\",\xFF}", "{\"error_type\":\"ERROR\"}\xFF"}) {
    INFO(text);
    CHECK_FALSE(decode_standard_error(text, 500).has_value());
  }
}

TEST_CASE("J10 in an error a repeated member is noted, and the first one stays") {
  auto const e = decode_standard_error(R"({"error_type":"NOT_FOUND","error_type":"ERROR","messages":[]})", 500);
  REQUIRE(e.has_value());
  CHECK(e->error_type == error_type::not_found);
  CHECK(noted(*e, "error_type: given twice"));
}

TEST_CASE("J22 of very many messages the first 32 are kept, and so are 32 notes") {
  std::string text = R"({"error_type":"ERROR","messages":[)";
  for (int i = 0; i < 100'000; ++i)
    text += R"({"id":")" + std::to_string(i) + R"(","default_message":7,"args":[]},)";
  text += R"({}]})";
  auto const e = decode_standard_error(text, 500);
  REQUIRE(e.has_value());
  CHECK(e->messages.size() == 32);
  CHECK(e->messages.back().id == "31");
  CHECK(e->notes.size() <= 32);
  std::string few = R"({"messages":[)";
  for (int i = 0; i < 40; ++i)
    few += R"({"id":"","default_message":"","args":[]},)";
  few.back() = ']';
  auto const counted = decode_standard_error(few + "}", 500);
  CHECK(counted->messages.size() == 32);
  REQUIRE(counted->notes.size() == 1);
  CHECK(noted(*counted, "messages[32]: left out"));
}

TEST_CASE("the page's example of an error succeeds, and notes what is no value there") {
  auto const e = decode_standard_error(samples::page_error(), 404);
  REQUIRE(e.has_value());
  CHECK(e->error_type == error_type::unknown);
  CHECK(e->error_type.name() == "string");
  REQUIRE(e->messages.size() == 1);
  auto const& m = e->messages.front();
  CHECK(m.id == "string");
  CHECK(m.default_message == "string");
  CHECK(m.localized == "string");
  REQUIRE(m.params);
  auto const& p = m.params->at(0).value;
  CHECK(p.s == "string");
  CHECK_FALSE(p.dt);
  CHECK(p.i == 0);
  CHECK_FALSE(p.d);
  REQUIRE(p.l);
  CHECK(p.l->id == "string");
  CHECK(p.l->params->empty());
  CHECK(p.format->name() == "string");
  CHECK(p.precision == 0);
  REQUIRE(e->notes.size() == 3);
  CHECK(noted(*e, "messages[0].params.params.dt: expected a date-time"));
  CHECK(noted(*e, "messages[0].params.params.d: expected a number, found a string"));
  CHECK(noted(*e, "messages[0].params.params.l.params.params: expected an object, found a string"));
  CHECK(e->data.json() == "{}");
}

TEST_CASE("what is no object with a string error_type or an array messages is no standard error") {
  for (std::string_view text :
       {"", "[]", "7", "\"x\"", "null", "{}", R"({"value":{"messages":[]}})", R"({"error_type":7})",
        R"({"messages":{}})", R"({"error_type":null,"messages":null})", R"({"error_type":"ERROR")",
        R"({"error_type":"ERROR"} x)", "no healthy upstream", "<html>", R"({"error_type":"ERROR","x":[}]})",
        "{\"error_type\":\"\xFF\"}", R"({"error_type":"ERROR","messages":[{"id":tru}]})"}) {
    INFO(text);
    CHECK_FALSE(decode_standard_error(text, 500).has_value());
  }
}

TEST_CASE("an unauthenticated error has its challenge") {
  CHECK(decode_standard_error(body("\"UNAUTHENTICATED\"", R"(,"challenge":"Basic realm=\"x\"")"), 401)->challenge ==
        "Basic realm=\"x\"");
  CHECK_FALSE(decode_standard_error(body("\"UNAUTHENTICATED\"", R"(,"challenge":null)"), 401)->challenge);
}

TEST_CASE("a note cannot write on a terminal") {
  auto const e = decode_standard_error(
      R"({"messages":[{"id":"","default_message":"","args":[],"params":{"\u001b[31m\u0007evil\n":7}}]})", 500);
  REQUIRE(e.has_value());
  REQUIRE(e->notes.size() == 1);
  CHECK(noted(*e, "messages[0].params.evil"));
}

TEST_CASE("an error type that was derived is not encoded") {
  standard_error e;
  e.error_type = error_type::not_found;
  CHECK(encode(e) == R"({"messages":[],"error_type":"NOT_FOUND"})");
  e.error_type_derived = true;
  CHECK(encode(e) == R"({"messages":[]})");
}
