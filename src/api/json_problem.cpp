// How json::reader tells what is wrong with a document. A path is put together only here, name by name while the calls
// unwind, so that a good document never pays for it.
#include "api/json_reader.hpp"

#include "api/sanitise.hpp"
#include "error_builder.hpp"

#include <limits>

namespace hvc::json {
namespace {

constexpr std::size_t longest_segment = 64; // of a path: names may be the peer's
constexpr std::size_t most_notes = 32;
constexpr auto any_depth = std::numeric_limits<unsigned>::max();

std::string_view type_at(char first) noexcept {
  switch (first) {
  case '{':
    return "an object";
  case '[':
    return "an array";
  case '"':
    return "a string";
  case 't':
  case 'f':
    return "a boolean";
  case 'n':
    return "null";
  default:
    return "a number";
  }
}

void prepend(problem& to, std::string const& segment) {
  if (!to.path.empty() && to.path.front() != '[')
    to.path.insert(0, 1, '.');
  to.path.insert(0, segment);
}

} // namespace

std::string problem::text() const {
  std::string result = path.empty() ? std::string("the document") : sanitised(path, 256);
  result.append(path.empty() ? " " : ": ").append(what);
  if (!found.empty())
    result.append(", found ").append(found);
  return result.append(" (offset ").append(std::to_string(offset)).append(")");
}

bool reader::set(error_kind kind, std::string_view reason, std::string_view what, char const* where) {
  problem_ = {kind, reason, what, {}, static_cast<std::size_t>(where - begin_), {}};
  return false;
}

bool reader::fail(std::string_view reason, std::string_view what) {
  return set(error_kind::decode, reason, what, position_);
}

bool reader::fail_at(mark const& value_begins, std::string_view reason, std::string_view what) {
  return set(error_kind::decode, reason, what, value_begins.position);
}

bool reader::too_deep() { return set(error_kind::limit, "depth", "nested too deeply", position_); }

// The value there is of another type, or, worse, no value at all.
bool reader::mismatch(std::string_view expected) {
  auto const* const where = position_;
  if (!skip())
    return false;
  set(error_kind::decode, "type", expected, where);
  problem_.found = type_at(*where);
  return false;
}

void reader::under(std::string_view name) { prepend(problem_, std::string(name.substr(0, longest_segment))); }

bool reader::missing(std::string_view name) {
  fail("missing", "required, but missing");
  under(name);
  if (mode_ == mode::strict)
    return false;
  add_note(std::move(problem_));
  return true;
}

void reader::note(mark const& value_begins, std::string_view reason, std::string_view what) {
  fail_at(value_begins, reason, what);
  add_note(std::move(problem_));
}

void reader::add_note(problem&& what) {
  if (notes_.size() < most_notes)
    notes_.push_back(std::move(what));
}

bool reader::leave_out_member(mark& begin) {
  if (mode_ != mode::lenient || problem_.reason != "utf8")
    return false;
  auto what = std::move(problem_);
  what.what = "has a member whose name is no Unicode";
  mode_ = mode::careless;
  bool const passed = skip_rest_of_string() && colon() && skip_within(any_depth);
  mode_ = mode::lenient;
  if (!passed)
    return false;
  add_note(std::move(what));
  begin.notes = notes_.size();
  return true;
}

reader::outcome reader::settle(bool read, mark& begin, std::string_view name) {
  if (read && notes_.size() == begin.notes)
    return outcome::kept;
  auto const settled = settle_as(read, begin, std::string(name.substr(0, longest_segment)));
  begin.notes = notes_.size();
  return settled;
}

reader::outcome reader::settle(bool read, mark& begin, std::size_t index) {
  if (read && notes_.size() == begin.notes)
    return outcome::kept;
  auto const settled = settle_as(read, begin, '[' + std::to_string(index) + ']');
  begin.notes = notes_.size();
  return settled;
}

reader::outcome reader::settle_as(bool read, mark const& begin, std::string const& segment) {
  for (auto i = begin.notes; i < notes_.size(); ++i)
    prepend(notes_[i], segment);
  if (read)
    return outcome::kept;
  if (mode_ == mode::lenient) {
    // What is well-formed can be passed over; where it is not, the second look finds the damage again.
    auto what = std::move(problem_);
    position_ = begin.position;
    depth_ = begin.depth;
    mode_ = mode::careless;
    bool const passed = skip_within(any_depth);
    mode_ = mode::lenient;
    if (passed) {
      prepend(what, segment);
      add_note(std::move(what));
      return outcome::left_out;
    }
  }
  prepend(problem_, segment);
  return outcome::failed;
}

hvc::error reader::take_error() {
  hvc::error::detail detail;
  detail.text = problem_.text();
  return error_builder(hvc::error(problem_.kind, problem_.reason))
      .stage(hvc::stage::decode)
      .detail(std::move(detail))
      .build();
}

} // namespace hvc::json
