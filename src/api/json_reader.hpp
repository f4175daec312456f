// A strict pull reader of JSON (RFC 8259) over one contiguous buffer: the caller asks for the value it expects, which
// is decoded straight into the caller's object. Knows no type of the API.
#pragma once

#include <hvc/error.hpp>

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

namespace hvc::json {

// Typed values recurse with the nesting of the document, so there is a bound that no option lifts.
inline constexpr unsigned deepest_nesting = 256;

// What is wrong with a document, and where.
struct problem {
  error_kind kind = error_kind::decode;
  std::string_view reason; // of static storage: syntax, bom, utf8, missing, type, duplicate, number, time; depth; empty
  std::string_view what;   // of static storage: the same for a person
  std::string_view found;  // of static storage: the type of the value there, if that tells something
  std::size_t offset = 0;
  std::string path; // a.b[2].c; empty: the document itself

  [[nodiscard]] std::string text() const; // one line, sanitised
};

// A member's name as it stands in a document, in quotes and with its colon, and its first bytes as one word to compare.
struct quoted_name {
  constexpr quoted_name(char const* quoted) noexcept : text(quoted) { // NOLINT(google-explicit-constructor)
    std::array<char, sizeof head> bytes{}, marks{};
    for (std::size_t i = 0; i < bytes.size() && i < text.size(); ++i) {
      bytes[i] = text[i];
      marks[i] = '\xFF';
    }
    head = std::bit_cast<std::uint64_t>(bytes);
    mask = std::bit_cast<std::uint64_t>(marks);
  }
  [[nodiscard]] constexpr std::string_view name() const noexcept { return text.substr(1, text.size() - 3); }

  std::string_view text;
  std::uint64_t head = 0;
  std::uint64_t mask = 0;
};

// Functions that return bool tell whether they succeeded; after a failure problem() says why, and the reader is only
// good for taking the error, unless settle() recovered.
class reader {
public:
  enum class step : std::uint8_t { item, end, failed };
  enum class outcome : std::uint8_t { kept, left_out, failed };
  // strict: the first fault ends the reading. lenient: a value that is well-formed JSON, but not what was asked for, is
  // left out and noted, as is one with a string that is no Unicode. careless: such strings pass; to skip, not to read.
  enum class mode : std::uint8_t { strict, lenient, careless };
  struct mark {
    char const* position;
    std::size_t notes;
    unsigned depth;
  };

  reader(std::string_view text, unsigned depth_limit, mode how = mode::strict) noexcept;

  // The frame around the one value of a document.
  [[nodiscard]] bool begin();
  [[nodiscard]] bool finish();

  // Objects: `for (auto at = first_member(); at == step::item; at = next_member())`, then in the loop the name and the
  // value. Arrays: the same without names.
  [[nodiscard]] step first_member() { return enter('{', '}', "expected an object"); }
  [[nodiscard]] step next_member() { return next('}', "expected ',' or '}'"); }
  [[nodiscard]] bool name(std::string_view& out); // unescaped; valid until the next call
  [[nodiscard]] bool name(std::string& out);
  // The next eight bytes, and: takes a name that stands there exactly as quoted. Spares most names a scan.
  [[nodiscard]] std::uint64_t next_word() const noexcept {
    return end_ - position_ >= std::ptrdiff_t(word_size) ? word_at(position_) : 0; // no name begins with NUL
  }
  [[nodiscard]] bool take_name(quoted_name const& wanted, std::uint64_t word) noexcept {
    return ((word ^ wanted.head) & wanted.mask) == 0 && ends_as(wanted.text) && advance(wanted.text.size());
  }
  [[nodiscard]] step first_element() { return enter('[', ']', "expected an array"); }
  [[nodiscard]] step next_element() { return next(']', "expected ',' or ']'"); }

  void skip_space() noexcept {
    if (is_space(peek())) [[unlikely]]
      skip_spaces();
  }

  // Values.
  [[nodiscard]] bool null() noexcept { // takes a null if one is there; false is no failure
    skip_space();
    return peek() == 'n' && literal("null");
  }
  [[nodiscard]] bool boolean(bool& out);
  [[nodiscard]] bool integer(std::int64_t& out);
  [[nodiscard]] bool number(double& out);
  [[nodiscard]] bool string(std::string& out);
  [[nodiscard]] bool text(std::string_view& out); // a string, valid until the next call
  // Takes a string of exactly `size` bytes if one stands right here, with no white space before it, and `accepts`
  // agrees; false is no failure. Spares the search for its end, so what does not stand for itself in a string (quotes,
  // backslashes, controls, malformed UTF-8) must not be accepted.
  template <class F> [[nodiscard]] bool take_text(std::size_t size, F accepts) {
    return static_cast<std::size_t>(end_ - position_) >= size + 2 && position_[0] == '"' &&
           position_[size + 1] == '"' && accepts(std::string_view(position_ + 1, size)) && advance(size + 2);
  }
  [[nodiscard]] bool skip();                     // any value; of bounded stack whatever the nesting
  [[nodiscard]] bool raw(std::string_view& out); // the bytes of any value

  // Failures the caller finds: always false. `value_begins` is where the value at fault begins.
  bool fail(std::string_view reason, std::string_view what);
  bool fail_at(mark const& value_begins, std::string_view reason, std::string_view what);

  // Ends the reading of a part that began at `begin`: names it in the path of what went wrong, and decides how to go
  // on.
  [[nodiscard]] mark here() noexcept {
    skip_space();
    return here_exactly();
  }
  [[nodiscard]] mark here_exactly() const noexcept { return {position_, notes_.size(), depth_}; }
  // The mark of the next part of the same value.
  void move_here(mark& m) const noexcept { m.position = position_; }
  [[nodiscard]] bool settled(bool read) const noexcept { return read && notes_.empty(); } // nothing to decide
  [[nodiscard]] outcome settle(bool read, mark& begin, std::string_view name);
  [[nodiscard]] outcome settle(bool read, mark& begin, std::size_t index);
  void under(std::string_view name); // names the part that failed
  // Of a member whose name could not be read: where that is for want of Unicode, and the reading lenient, it is left
  // out and noted; whether to go on.
  [[nodiscard]] bool leave_out_member(mark& begin);
  // A fault of the object just read that leaves nothing to skip; whether to go on.
  [[nodiscard]] bool missing(std::string_view name);
  // Lenient reading only: says that something well-formed was left out.
  void note(mark const& value_begins, std::string_view reason, std::string_view what);

  [[nodiscard]] std::vector<problem> take_notes() noexcept { return std::move(notes_); }
  [[nodiscard]] hvc::error take_error();

private:
  enum class bracket : std::uint8_t { array, object };

  static bool is_space(char c) noexcept {
    return static_cast<unsigned char>(c) <= ' ' && (c == ' ' || c == '\n' || c == '\r' || c == '\t');
  }
  void skip_spaces() noexcept;
  char peek() const noexcept { return position_ != end_ ? *position_ : '\0'; } // no value or mark is a NUL
  // Whether the next token begins so. Most documents have no white space, so it is looked for only where it may matter.
  bool at(char c) noexcept {
    if (peek() == c) [[likely]]
      return true;
    if (!is_space(peek())) [[likely]]
      return false;
    skip_spaces();
    return peek() == c;
  }
  bool take(char c) noexcept {
    if (position_ == end_ || *position_ != c)
      return false;
    ++position_;
    return true;
  }

  step enter(char open, char close, std::string_view expected) {
    if (!at(open) || depth_ == depth_limit_) [[unlikely]]
      return not_entered(open, expected);
    ++position_;
    ++depth_;
    skip_space();
    return take(close) ? leave() : step::item;
  }
  step not_entered(char open, std::string_view expected);
  step leave() noexcept {
    --depth_;
    return step::end;
  }
  step next(char close, std::string_view expected) {
    if (take(',')) [[likely]]
      return step::item;
    return take(close) ? leave() : next_after_space(close, expected);
  }
  step next_after_space(char close, std::string_view expected); // or what is wrong there
  bool colon() { return at(':') ? advance(1) : syntax("expected ':'"); }

  bool scan_plain(); // to the next quote or backslash of the string
  bool scan_further();
  bool string_with_escapes(std::string& out, char const* run);
  bool skip_string();
  bool skip_rest_of_string();
  bool pass_malformed();
  bool escape(std::string* to);
  bool lone_surrogate(char const* digits); // whether that is no fault
  bool hex4(unsigned& out);
  bool scan_number(std::string_view& out);
  bool skip_digits() noexcept;
  bool short_integer(std::int64_t& out) noexcept;
  bool short_decimal(double& out) noexcept;
  static constexpr std::size_t word_size = sizeof(std::uint64_t);
  static std::uint64_t word_at(char const* p) noexcept {
    std::uint64_t word = 0;
    std::memcpy(&word, p, sizeof word);
    return word;
  }
  // Whether the wanted text, whose first word stands here, does so to its end: word by word, the last one flush with
  // it.
  [[nodiscard]] bool ends_as(std::string_view wanted) const noexcept {
    if (wanted.size() <= word_size)
      return true;
    if (static_cast<std::size_t>(end_ - position_) < wanted.size())
      return false;
    auto const last = wanted.size() - word_size;
    for (std::size_t i = word_size; i < last; i += word_size)
      if (word_at(position_ + i) != word_at(wanted.data() + i))
        return false;
    return word_at(position_ + last) == word_at(wanted.data() + last);
  }
  bool advance(std::size_t count) noexcept {
    position_ += count;
    return true;
  }
  bool literal(std::string_view word) noexcept {
    if (static_cast<std::size_t>(end_ - position_) < word.size() ||
        std::memcmp(position_, word.data(), word.size()) != 0)
      return false;
    position_ += word.size();
    return true;
  }

  bool skip_within(unsigned depth_limit);
  bool skip_scalar();
  step skip_opened(bracket);
  step skip_next(bracket);
  bool skip_name();

  bool set(error_kind, std::string_view reason, std::string_view what, char const* where);
  bool syntax(std::string_view what) { return set(error_kind::decode, "syntax", what, position_); }
  bool too_deep();
  bool mismatch(std::string_view expected);
  void add_note(problem&& what);
  outcome settle_as(bool read, mark const&, std::string const& segment);

  char const* begin_;
  char const* position_;
  char const* end_;
  unsigned depth_ = 0;
  unsigned depth_limit_;
  mode mode_;
  std::string unescaped_; // holds a name or a text that is written with escapes
  problem problem_;
  std::vector<problem> notes_;
};

} // namespace hvc::json
