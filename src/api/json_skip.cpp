// How json::reader passes over values nobody asked for: checked as strictly as the others, without recursion, so that
// no document can exhaust the stack.
#include "api/json_reader.hpp"

namespace hvc::json {
namespace {

// The brackets open around a position, a bit each: the innermost 64 in a word, the others, which only a document beyond
// any sensible depth has, in a vector.
class bracket_stack {
public:
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  void push(bool object) {
    if (size_ != 0 && size_ % 64 == 0)
      outer_.push_back(inner_);
    inner_ = inner_ << 1 | (object ? 1U : 0U);
    ++size_;
  }
  void pop() noexcept {
    --size_;
    inner_ >>= 1;
    if (size_ != 0 && size_ % 64 == 0) {
      inner_ = outer_.back();
      outer_.pop_back();
    }
  }
  [[nodiscard]] bool object() const noexcept { return (inner_ & 1U) != 0; }

private:
  std::uint64_t inner_ = 0;
  std::vector<std::uint64_t> outer_;
  std::size_t size_ = 0;
};

} // namespace

bool reader::skip() { return skip_within(depth_limit_); }

bool reader::raw(std::string_view& out) {
  auto const begin = here();
  if (!skip())
    return false;
  out = {begin.position, static_cast<std::size_t>(position_ - begin.position)};
  return true;
}

bool reader::skip_within(unsigned depth_limit) {
  bracket_stack open;
  for (;;) {
    skip_space();
    auto at = step::end;
    if (peek() == '{' || peek() == '[') {
      if (depth_ + open.size() >= depth_limit)
        return too_deep();
      auto const kind = peek() == '{' ? bracket::object : bracket::array;
      open.push(kind == bracket::object);
      at = skip_opened(kind);
      if (at == step::end)
        open.pop();
    } else if (!skip_scalar()) {
      return false;
    }
    while (at == step::end && open.size() != 0) {
      at = skip_next(open.object() ? bracket::object : bracket::array);
      if (at == step::end)
        open.pop();
    }
    if (at != step::item)
      return at == step::end;
  }
}

bool reader::skip_scalar() {
  char const c = peek();
  if (c == '"')
    return skip_string();
  if (c == '-' || (c >= '0' && c <= '9')) {
    std::string_view number;
    return scan_number(number);
  }
  return literal("true") || literal("false") || literal("null") || syntax("expected a value");
}

// Takes the opening bracket and, in an object, the first name: item if a value follows.
reader::step reader::skip_opened(bracket kind) {
  ++position_;
  skip_space();
  if (take(kind == bracket::object ? '}' : ']'))
    return step::end;
  return kind == bracket::array || skip_name() ? step::item : step::failed;
}

// Takes what separates two values, or the closing bracket.
reader::step reader::skip_next(bracket kind) {
  skip_space();
  if (take(kind == bracket::object ? '}' : ']'))
    return step::end;
  if (!take(',')) {
    syntax(kind == bracket::object ? "expected ',' or '}'" : "expected ',' or ']'");
    return step::failed;
  }
  return kind == bracket::array || skip_name() ? step::item : step::failed;
}

bool reader::skip_name() {
  skip_space();
  if (peek() != '"')
    return syntax("expected a member name");
  return skip_string() && colon();
}

} // namespace hvc::json
