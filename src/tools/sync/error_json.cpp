#include "error_json.hpp"

#include <hvc/codec.hpp>

#include <boost/json/serialize.hpp>

namespace hvc::tools {

namespace {

std::string array_of(std::vector<localizable_message> const& messages) {
  std::string text = "[";
  for (auto const& m : messages)
    text.append(text.size() > 1 ? "," : "").append(encode(m));
  return text + "]";
}

// White space between tokens is the server's; that within strings has no line ends.
std::string on_one_line(std::string_view json) {
  std::string text;
  bool quoted = false, escaped = false;
  for (char const c : json) {
    if (quoted || !(c == ' ' || c == '\t' || c == '\n' || c == '\r'))
      text += c;
    if (c == '"' && !escaped)
      quoted = !quoted;
    escaped = quoted && c == '\\' && !escaped;
  }
  return text;
}

} // namespace

std::string json_string(std::string_view text) { return boost::json::serialize(boost::json::string_view(text)); }

std::string error_json(error const& e) { return std::string("{").append(error_member(e)).append("}"); }

std::string error_member(error const& e) {
  // Put together from text, not from a document: `data` is the server's own, and numbers in it may be larger than a
  // document holds.
  std::string text = R"("error":{"kind":)" + json_string(to_string(e.kind()));
  auto const add = [&text](std::string_view name, std::string_view json) {
    text.append(",\"").append(name).append("\":").append(json);
  };
  if (!e.reason().empty())
    add("reason", json_string(e.reason()));
  add("stage", json_string(to_string(e.stage())));
  add("message", json_string(e.message()));
  add("retryable", e.retryable() ? "true" : "false");
  add("attempts", std::to_string(e.attempts()));
  if (e.http_status() != 0)
    add("http_status", std::to_string(e.http_status()));
  if (auto const standard = e.standard()) {
    add("error_type", json_string(standard->error_type.name()));
    add("messages", array_of(standard->messages));
    if (!standard->data.empty())
      add("data", on_one_line(standard->data.json()));
  }
  return text + "}";
}

} // namespace hvc::tools
