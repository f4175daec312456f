// Std_Errors_Error: read leniently, because the page's own examples break the page's own rules, and because an error
// about an error would hide what the server said.
#include "api/document.hpp"
#include "api/localizable_message.hpp"
#include "api/members.hpp"

namespace hvc {
namespace json {

// Of external linkage, because encode_document() finds it by argument-dependent look-up.
void write(writer& to, standard_error const& value);

namespace {

constexpr std::size_t most_messages = 32; // each is the cause of the one before

struct error_body {
  standard_error error;
  bool has_type = false;
  bool has_messages = false;
};

error_body& body_at(void* object) noexcept { return *static_cast<error_body*>(object); }

bool read_messages(reader& in, void* object) {
  auto& body = body_at(object);
  body.has_messages = read_elements(in, body.error.messages, most_messages);
  return body.has_messages;
}

bool read_data(reader& in, void* object) {
  if (in.null())
    return true;
  auto const begin = in.here();
  std::string_view text;
  if (!in.raw(text))
    return false;
  if (text.front() != '{')
    return in.fail_at(begin, "type", "expected an object");
  body_at(object).error.data = error_data(std::string(text));
  return true;
}

bool read_error_type(reader& in, void* object) {
  if (in.null())
    return true;
  auto& body = body_at(object);
  body.has_type = read(in, body.error.error_type);
  return body.has_type;
}

bool read_challenge(reader& in, void* object) { return read(in, body_at(object).error.challenge); }

constexpr member of_body[] = {{R"("messages":)", true, read_messages, nullptr},
                              {R"("data":)", false, read_data, nullptr},
                              {R"("error_type":)", false, read_error_type, nullptr},
                              {R"("challenge":)", false, read_challenge, nullptr}};
constexpr structure body_structure(of_body);

} // namespace

void write(writer& to, standard_error const& value) {
  to.begin_object();
  to.name("messages");
  write(to, value.messages);
  if (!value.data.empty()) {
    to.name("data");
    to.raw(value.data.json());
  }
  if (!value.error_type_derived) {
    to.name("error_type");
    write(to, value.error_type);
  }
  if (value.challenge) {
    to.name("challenge");
    to.string(*value.challenge);
  }
  to.end_object();
}

} // namespace json

result<standard_error> decode_standard_error(std::string_view text, int http_status, decode_limits const& limits) {
  json::reader in(text, limits.depth, json::reader::mode::lenient);
  json::error_body body;
  if (!(in.begin() && json::read_members(in, &body, json::body_structure) && in.finish()))
    return in.take_error();
  if (!body.has_type && !body.has_messages) {
    in.fail("missing", "has neither a string error_type nor an array messages");
    return in.take_error();
  }
  if (!body.has_type) {
    body.error.error_type = error_type_from_status(http_status);
    body.error.error_type_derived = true;
  }
  for (auto const& note : in.take_notes())
    body.error.notes.push_back(note.text());
  return std::move(body.error);
}

std::string encode(standard_error const& value) { return json::encode_document(value); }

} // namespace hvc
