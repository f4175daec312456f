#include "samples.hpp"

#include <hvc/codec.hpp>

#include "catch.hpp"

#include <boost/json.hpp>

using namespace hvc;
namespace bj = boost::json;

namespace {

struct expectation {
  std::vector<std::string_view> path; // of names
  std::string_view type;              // which JSON type is right
  bool required;
};

using steps = std::vector<std::string_view>;
std::vector<expectation> const members = [] {
  std::vector<expectation> all = {{{"last_sync_time"}, "string", false},
                                  {{"status"}, "string", true},
                                  {{"polling_interval_in_seconds"}, "number", true},
                                  {{"current_session_info"}, "object", false},
                                  {{"current_session_info", "stage"}, "string", true},
                                  {{"current_session_info", "completed_work"}, "number", true},
                                  {{"current_session_info", "total_work"}, "number", true},
                                  {{"current_session_info", "start_time"}, "string", true},
                                  {{"current_session_info", "completion_time"}, "string", false},
                                  {{"status_message"}, "object", false}};
  for (auto const& message : {steps{"current_session_info", "exception"}, steps{"status_message"}}) {
    auto const add = [&](std::string_view name, std::string_view type, bool required) {
      auto path = message;
      path.push_back(name);
      all.push_back({path, type, required});
    };
    add("id", "string", true);
    add("default_message", "string", true);
    add("args", "array", true);
    add("params", "object", false);
    add("localized", "string", false);
  }
  steps const param = {"current_session_info", "exception", "params", "p"};
  all.push_back({param, "object", true});
  for (auto const& [name, type] :
       {std::pair("s", "string"), std::pair("dt", "string"), std::pair("i", "number"), std::pair("d", "number"),
        std::pair("l", "object"), std::pair("format", "string"), std::pair("precision", "number")}) {
    auto path = param;
    path.push_back(name);
    all.push_back({path, type, false});
  }
  auto nested = param;
  nested.push_back("l");
  nested.push_back("id");
  all.push_back({nested, "string", true});
  nested.back() = "params";
  all.push_back({nested, "object", false});
  return all;
}();

std::string dotted(steps const& path) {
  std::string text;
  for (auto const name : path)
    text.append(text.empty() ? "" : ".").append(name);
  return text;
}

bj::object& parent(bj::value& document, steps const& path) {
  auto* object = &document.as_object();
  for (std::size_t i = 0; i + 1 < path.size(); ++i)
    object = &object->at(path[i]).as_object();
  return *object;
}

std::string with(steps const& path, bj::value replacement) {
  auto document = bj::parse(samples::full_info);
  parent(document, path)[path.back()] = std::move(replacement);
  return bj::serialize(document);
}

std::string without(steps const& path) {
  auto document = bj::parse(samples::full_info);
  parent(document, path).erase(path.back());
  return bj::serialize(document);
}

void check_refused(std::string const& text, std::string_view reason, std::string const& path) {
  INFO(text);
  auto const decoded = decode_sync_info(text);
  REQUIRE_FALSE(decoded.has_value());
  auto const e = decoded.error();
  CHECK(e.kind() == error_kind::decode);
  CHECK(e.stage() == stage::decode);
  CHECK(e.reason() == reason);
  INFO(e.message());
  CHECK(e.message().find(": " + path + ": ") != std::string::npos);
}

} // namespace

TEST_CASE("every member of a full Info is decoded") {
  auto const decoded = decode_sync_info(samples::full_info);
  REQUIRE(decoded.has_value());
  auto const& info = *decoded;
  CHECK(info.last_sync_time == parse_date_time("2026-03-14T09:26:53.589Z"));
  CHECK(info.status == sync_status::failed);
  CHECK(info.polling_interval_in_seconds == 300);
  REQUIRE(info.current_session_info);
  auto const& session = *info.current_session_info;
  CHECK(session.stage == sync_stage::failed);
  CHECK(session.completed_work == 1423);
  CHECK(session.total_work == 2048);
  CHECK(session.start_time == parse_date_time("2026-03-14T09:26:11.020Z"));
  CHECK(session.completion_time == parse_date_time("2026-03-14T09:26:53.589Z"));
  REQUIRE(session.exception);
  CHECK(session.exception->id == "some.id");
  CHECK(session.exception->default_message == "Words.");
  CHECK(session.exception->args == std::vector<std::string>{"a", "b"});
  CHECK(session.exception->localized == "Worte.");
  REQUIRE(session.exception->params);
  REQUIRE(session.exception->params->size() == 1);
  auto const& [name, param] = session.exception->params->front();
  CHECK(name == "p");
  CHECK(param.s == "x");
  CHECK(param.dt == parse_date_time("2026-03-14T09:26:53.589Z"));
  CHECK(param.i == 7);
  CHECK(param.d == 0.5);
  CHECK(param.format == date_time_format::med_date_time);
  CHECK(param.precision == 2);
  REQUIRE(param.l);
  CHECK(param.l->id == "inner");
  REQUIRE(param.l->params);
  CHECK(param.l->params->at(0).value.i == -3);
  REQUIRE(info.status_message);
  CHECK(info.status_message->id == "other.id");
  REQUIRE(info.status_message->params);
  CHECK(info.status_message->params->empty());
}

TEST_CASE("J1 an empty body and white space alone are content(empty)") {
  for (std::string_view text : {"", " ", "\r\n\t "}) {
    auto const e = decode_sync_info(text).error();
    CHECK(e.kind() == error_kind::content);
    CHECK(e.reason() == "empty");
  }
}

TEST_CASE("J2 a syntax error tells its offset") {
  auto const e = decode_sync_info(R"({"status":"SUCCEEDED")").error();
  CHECK(e.reason() == "syntax");
  CHECK(e.message().find("(offset 21)") != std::string::npos);
}

TEST_CASE("J6 a nested message beyond the depth limit is limit(depth)") {
  std::string text =
      R"({"status":"FAILED","polling_interval_in_seconds":1,"status_message":{"id":"","default_message":"","args":[],"params":)";
  std::string end = "}}";
  auto const document = [&](unsigned levels) {
    std::string open, close;
    for (unsigned i = 0; i < levels; ++i) {
      open += R"({"p":{"l":{"id":"","params":)";
      close += "}}}";
    }
    return text + open + "{}" + close + end;
  };
  CHECK(decode_sync_info(document(9)).has_value()); // 2 + 9 * 3 + 1 levels
  auto const e = decode_sync_info(document(10)).error();
  CHECK(e.kind() == error_kind::limit);
  CHECK(e.reason() == "depth");
  CHECK(decode_sync_info(document(10), {.depth = 33}).has_value());
  CHECK(decode_sync_info(document(5), {.depth = 18}).has_value());
  CHECK_FALSE(decode_sync_info(document(5), {.depth = 17}).has_value());
}

TEST_CASE("J7 numbers beyond their type are decode(number)") {
  for (std::string_view number : {"9223372036854775808", "-9223372036854775809", "1e19", "1.5", "1e9999"})
    check_refused(R"({"status":"X","polling_interval_in_seconds":)" + std::string(number) + "}", "number",
                  "polling_interval_in_seconds");
  for (std::string_view number : {"1e9999", "-1e9999", "1e-999"})
    check_refused(R"({"status_message":{"id":"","default_message":"","args":[],"params":{"a":{"d":)" +
                      std::string(number) + "}}}}",
                  "number", "status_message.params.a.d");
  CHECK(decode_sync_info(R"({"status":"X","polling_interval_in_seconds":3.0})")->polling_interval_in_seconds == 3);
  CHECK(decode_sync_info(R"({"status":"X","polling_interval_in_seconds":1e3})")->polling_interval_in_seconds == 1000);
  CHECK(decode_sync_info(R"({"x":1e9999,"status":"X","polling_interval_in_seconds":1})").has_value());
}

TEST_CASE("J10 a known member given twice is decode(duplicate), however its name is written") {
  std::string const tail = R"(,"polling_interval_in_seconds":1})";
  check_refused(R"({"status":"FAILED","status":"FAILED")" + tail, "duplicate", "status");
  check_refused(R"({"status":"FAILED","status":"SUCCEEDED")" + tail, "duplicate", "status");
  check_refused(R"({"status":"FAILED","st\u0061tus":"FAILED")" + tail, "duplicate", "status");
  check_refused(R"({"\u0073tatus":"FAILED","status" :null)" + tail, "duplicate", "status");
  CHECK(decode_sync_info(R"({"x":1,"x":2,"status":"FAILED")" + tail).has_value());
  check_refused(R"({"status_message":{"id":"","default_message":"","args":[],"params":{"a":{},"\u0061":{}}}})",
                "duplicate", "status_message.params.a");
  auto const escaped = decode_sync_info(R"({"st\u0061tus" : "FAILED")" + tail);
  REQUIRE(escaped.has_value());
  CHECK(escaped->status == sync_status::failed);
}

TEST_CASE("J10 one name among many given twice is found, and many distinct ones are no trouble") {
  std::string text =
      R"({"status":"F","polling_interval_in_seconds":1,"status_message":{"id":"","default_message":"","args":[],"params":{)";
  for (int i = 0; i < 20'000; ++i)
    text += '"' + std::to_string(i) + R"(":{},)";
  CHECK(decode_sync_info(text + R"("x":{}}}})").has_value());
  check_refused(text + R"("777":{}}}})", "duplicate", "status_message.params.777");
}

TEST_CASE("J11 each required member that is missing is decode(missing) with its path") {
  for (auto const& member : members) {
    if (!member.required || member.path.back() == "p")
      continue;
    check_refused(without(member.path), "missing", dotted(member.path));
  }
  check_refused("{}", "missing", "status");
}

TEST_CASE("J12 each member of each wrong type is decode(type) with its path") {
  std::pair<std::string_view, bj::value> const values[] = {{"null", nullptr},      {"boolean", true},
                                                           {"number", 7},          {"string", "x"},
                                                           {"array", bj::array()}, {"object", bj::object()}};
  for (auto const& member : members)
    for (auto const& [type, value] : values) {
      if (type == member.type || (type == "null" && !member.required))
        continue;
      check_refused(with(member.path, value), "type", dotted(member.path));
    }
  check_refused(with({"status_message", "args"}, bj::array{"a", "b", 7}), "type", "status_message.args[2]");
  check_refused(with({"current_session_info", "exception", "args"}, bj::array{nullptr}), "type",
                "current_session_info.exception.args[0]");
}

TEST_CASE("J12 a document that is no object is decode(type)") {
  for (std::string_view text : {"[]", "7", "true", "null", "\"x\""})
    CHECK(decode_sync_info(text).error().reason() == "type");
}

TEST_CASE("J13 null means absent for what is optional") {
  for (auto const& member : members) {
    if (member.required)
      continue;
    auto const null = decode_sync_info(with(member.path, nullptr));
    auto const absent = decode_sync_info(without(member.path));
    INFO(dotted(member.path));
    REQUIRE(null.has_value());
    REQUIRE(absent.has_value());
    CHECK(*null == *absent);
    CHECK_FALSE(*null == *decode_sync_info(samples::full_info));
  }
}

TEST_CASE("J14 unknown names of enumerations are kept") {
  auto const decoded = decode_sync_info(R"({"status":"PAUSED_\u00e9","polling_interval_in_seconds":1})");
  REQUIRE(decoded.has_value());
  CHECK(decoded->status == sync_status::unknown);
  CHECK(decoded->status.name() == "PAUSED_é");
}

TEST_CASE("J15 names that differ by case or space are unknown") {
  for (std::string_view name : {"succeeded", "Succeeded", " SUCCEEDED", "SUCCEEDED ", "SUCCEEDED\\u0000", ""}) {
    auto const decoded =
        decode_sync_info(R"({"status":")" + std::string(name) + R"(","polling_interval_in_seconds":1})");
    REQUIRE(decoded.has_value());
    CHECK(decoded->status == sync_status::unknown);
  }
}

TEST_CASE("J16 unknown members are passed over wherever they stand") {
  auto document = bj::parse(samples::full_info);
  auto const nested = bj::parse(R"({"status":[1,{"id":null}],"deep":[[[{"x":"\u0000"}]]]})");
  for (auto const& member : members)
    if (member.path.back() != "p")
      parent(document, member.path)["added" + std::string(member.path.back())] = nested;
  parent(document, {"current_session_info", "exception", "params", "p", "s"})["huge"] = std::string(1'000'000, 'x');
  auto const text = bj::serialize(document);
  // the map of parameters knows no unknown member: an addition there is a parameter
  auto const decoded = decode_sync_info(text);
  REQUIRE(decoded.has_value());
  CHECK(*decoded == *decode_sync_info(samples::full_info));
  CHECK(decode_sync_info(R"({"x":[1,2,}],"status":"X","polling_interval_in_seconds":1})").error().reason() == "syntax");
}

TEST_CASE("J17 what is no date-time is decode(time) with its path") {
  check_refused(with({"last_sync_time"}, "2026-03-14 09:26:53Z"), "time", "last_sync_time");
  check_refused(with({"current_session_info", "start_time"}, ""), "time", "current_session_info.start_time");
  check_refused(with({"current_session_info", "exception", "params", "p", "dt"}, "now"), "time",
                "current_session_info.exception.params.p.dt");
}

TEST_CASE("J18 a page of HTML is decode(syntax)") {
  CHECK(decode_sync_info("<html><body>no healthy upstream</body></html>").error().reason() == "syntax");
  CHECK(decode_sync_info("no healthy upstream").error().reason() == "syntax");
}

TEST_CASE("J21 an Info in a /rest wrapper lacks its status") {
  check_refused(R"({"value":)" + std::string(samples::full_info) + "}", "missing", "status");
}

TEST_CASE("J23 strings arrive byte by byte as they were sent") {
  auto const decoded =
      decode_sync_info(with({"status_message", "default_message"}, "caf\u00e9 \u05e9\u202e \U0001F600 \"\\"));
  REQUIRE(decoded.has_value());
  CHECK(decoded->status_message->default_message == "caf\u00e9 \u05e9\u202e \U0001F600 \"\\");
  auto const nul = decode_sync_info(R"({"status":"a\u0000b","polling_interval_in_seconds":1})");
  CHECK(nul->status.name() == std::string_view("a\0b", 3));
}

TEST_CASE("J24 every combination of optional members round trips") {
  std::vector<steps> optional;
  for (auto const& member : members)
    if (!member.required)
      optional.push_back(member.path);
  REQUIRE(optional.size() == 16);
  constexpr unsigned step = HVC_INSTRUMENTED ? 9 : 1;
  for (unsigned chosen = 0; chosen < 1U << optional.size(); chosen += step + chosen % 7) { // one in four, or in twelve
    auto document = bj::parse(samples::full_info);
    for (std::size_t i = optional.size(); i-- != 0;) // inner ones first
      if ((chosen >> i & 1U) != 0)
        if (auto* const object = document.as_object().if_contains(optional[i].front());
            object || optional[i].size() == 1)
          try {
            parent(document, optional[i]).erase(optional[i].back());
          } catch (std::exception const&) { // it went with what held it
          }
    auto const decoded = decode_sync_info(bj::serialize(document));
    if (!decoded.has_value() || bj::parse(encode(*decoded)) != document)
      FAIL(bj::serialize(document));
  }
}

TEST_CASE("the page's example, taken literally, fails at last_sync_time") {
  check_refused(samples::page_info(), "time", "last_sync_time");
}

TEST_CASE("an Info is encoded as the server writes it") {
  CHECK(encode(*decode_sync_info(samples::full_info)) == samples::full_info);
  CHECK(encode(*decode_sync_info(samples::minimal_info)) == samples::minimal_info);
}
