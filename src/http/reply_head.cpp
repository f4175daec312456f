// One pass: a line is found by its line feed, then read once. Faults that need the whole head (Transfer-Encoding beside
// Content-Length) wait for its end, so that the verdict does not depend on the order of the fields.
#include "http/reply_head.hpp"

#include "http/grammar.hpp"

#include <algorithm>
#include <cstring>
#include <limits>

namespace hvc::http {

namespace {

constexpr std::string_view protocol_name = "HTTP/";
constexpr std::size_t status_offset = 9;  // "HTTP/1.1 "
constexpr std::size_t reason_offset = 13; // "HTTP/1.1 200 "

// A line that may still grow: does it begin as a reply must?
bool may_be_reply(std::string_view line) noexcept {
  return protocol_name.substr(0, line.size()) == line.substr(0, protocol_name.size());
}

// For names already known to be tokens: setting one bit folds case, and no other token character becomes a letter or a
// hyphen by it.
bool name_is(std::string_view name, std::string_view lower_case) noexcept {
  for (std::size_t i = 0; i < lower_case.size(); ++i)
    if ((name[i] | 0x20) != lower_case[i])
      return false;
  return true;
}

bool is_identity(std::string_view coding) noexcept {
  return coding.empty() || grammar::equals_lower(coding, "identity");
}

// Digits only; false if there are none or the number does not fit.
bool parse_length(std::string_view digits, std::uint64_t& value) noexcept {
  if (digits.empty())
    return false;
  constexpr std::uint64_t max = std::numeric_limits<std::uint64_t>::max();
  value = 0;
  for (char const c : digits) {
    if (!grammar::is_digit(c))
      return false;
    auto const digit = static_cast<std::uint64_t>(c - '0');
    if (value > (max - digit) / 10)
      return false;
    value = value * 10 + digit;
  }
  return true;
}

} // namespace

void head_parser::reset() noexcept {
  scanned_ = 0;
  line_begin_ = 0;
  interim_ = 0;
  fault_ = reply_fault::none;
  head_.reusable = true;
  start_head();
}

void head_parser::start_head() noexcept {
  bool const reusable = head_.reusable; // a doubt raised by an interim reply stays
  head_ = {};
  head_.reusable = reusable;
  framing_ = {};
  fields_ = 0;
  retry_afters_ = 0;
  expect_ = expect::status_line;
  last_slice_ = nullptr;
  last_is_framing_ = false;
}

head_parser::progress head_parser::advance(char* data, std::size_t filled) noexcept {
  std::size_t const visible = std::min(filled, limits_.head_bytes);
  while (void* const found = std::memchr(data + scanned_, '\n', visible - scanned_)) {
    auto const line_feed = static_cast<std::size_t>(static_cast<char*>(found) - data);
    fault_ = on_line(data, line_begin_, line_feed);
    if (fault_ != reply_fault::none)
      return progress::failed;
    line_begin_ = scanned_ = line_feed + 1;
    if (expect_ == expect::nothing)
      return progress::done;
  }
  scanned_ = visible;
  if (expect_ == expect::status_line && !may_be_reply({data + line_begin_, visible - line_begin_}))
    fault_ = reply_fault::version;
  else if (filled > limits_.head_bytes)
    fault_ = reply_fault::headers;
  return fault_ == reply_fault::none ? progress::need_more : progress::failed;
}

reply_fault head_parser::on_line(char* data, std::size_t begin, std::size_t line_feed) noexcept {
  if (expect_ == expect::status_line && !may_be_reply({data + begin, line_feed - begin}))
    return reply_fault::version;
  if (line_feed == begin || data[line_feed - 1] != '\r')
    return reply_fault::header; // a bare LF ends no line here: RFC 9112 section 2.2 lets us refuse it
  std::size_t const end = line_feed - 1;
  if (expect_ == expect::status_line)
    return on_status_line({data + begin, end - begin});
  if (begin == end)
    return on_end_of_head();
  if (grammar::is_blank(data[begin]))
    return on_fold(data, begin, end);
  return on_field(data, begin, end);
}

// RFC 9112 section 4: HTTP-version SP status-code SP [reason-phrase]. The second SP is required.
reply_fault head_parser::on_status_line(std::string_view line) noexcept {
  if (line.size() < status_offset || line[5] != '1' || line[6] != '.' || (line[7] != '1' && line[7] != '0') ||
      line[8] != ' ')
    return reply_fault::version;
  if (line.size() < reason_offset || line[reason_offset - 1] != ' ')
    return reply_fault::status;
  int status = 0;
  for (char const c : line.substr(status_offset, 3)) {
    if (!grammar::is_digit(c))
      return reply_fault::status;
    status = status * 10 + (c - '0');
  }
  if (status < 100 || status > 599) // RFC 9110 section 15
    return reply_fault::status;
  if (!grammar::is_text(line.substr(reason_offset)))
    return reply_fault::header;
  head_.status = status;
  http_1_0_ = line[7] == '0';
  if (http_1_0_)
    head_.reusable = false;
  expect_ = expect::first_field;
  return reply_fault::none;
}

reply_fault head_parser::on_field(char const* data, std::size_t begin, std::size_t end) noexcept {
  if (++fields_ > limits_.fields)
    return reply_fault::header_count;
  std::size_t colon = begin;
  while (grammar::is_token_char(data[colon])) // stops at the CR at the latest
    ++colon;
  if (colon == begin || data[colon] != ':')
    return reply_fault::header;
  std::string_view const raw{data + colon + 1, end - colon - 1};
  if (!grammar::is_text(raw))
    return reply_fault::header;
  expect_ = expect::field;
  last_slice_ = nullptr;
  last_is_framing_ = false;
  recognise(data, {data + begin, colon - begin}, grammar::trim(raw));
  return reply_fault::none;
}

// RFC 9112 section 5.2: a user agent replaces each fold by spaces. Not in a framing field: two readers that unfold
// differently would see two messages.
reply_fault head_parser::on_fold(char* data, std::size_t begin, std::size_t end) noexcept {
  if (expect_ != expect::field || last_is_framing_ || !grammar::is_text({data + begin, end - begin}))
    return reply_fault::header;
  data[begin - 2] = ' ';
  data[begin - 1] = ' ';
  data[begin] = ' ';
  std::string_view const more = grammar::trim({data + begin, end - begin});
  if (last_slice_ == nullptr || more.empty())
    return reply_fault::none;
  char const* const value = last_slice_->length != 0 ? data + last_slice_->offset : more.data();
  keep(*last_slice_, data, {value, static_cast<std::size_t>(more.data() + more.size() - value)});
  return reply_fault::none;
}

// By length first: most fields are told apart from ours without looking at a letter.
void head_parser::recognise(char const* data, std::string_view name, std::string_view value) noexcept {
  switch (name.size()) {
  case 4:
    if (name_is(name, "date") && head_.date.offset == 0)
      keep(head_.date, data, value);
    break;
  case 10:
    if (name_is(name, "connection"))
      on_connection(value);
    else if (name_is(name, "keep-alive") && head_.keep_alive.offset == 0)
      keep(head_.keep_alive, data, value);
    break;
  case 11:
    if (name_is(name, "retry-after")) {
      ++retry_afters_;
      keep(head_.retry_after, data, value);
    }
    break;
  case 12:
    if (name_is(name, "content-type") && head_.content_type.offset == 0)
      keep(head_.content_type, data, value);
    break;
  case 14:
    if (name_is(name, "content-length"))
      on_content_length(value);
    break;
  case 16:
    if (name_is(name, "content-encoding")) {
      slice const before = head_.content_encoding;
      if (is_identity({data + before.offset, before.length}))
        keep(head_.content_encoding, data, value);
    } else if (name_is(name, "proxy-connection")) {
      on_connection(value); // means nothing to us, but whoever says "close" shall have it
    }
    break;
  case 17:
    if (name_is(name, "transfer-encoding"))
      on_transfer_encoding(value);
    break;
  default:
    break;
  }
}

void head_parser::keep(slice& s, char const* data, std::string_view value) noexcept {
  s.offset = static_cast<std::uint32_t>(value.data() - data);
  s.length = static_cast<std::uint32_t>(value.size());
  last_slice_ = &s;
}

// RFC 9110 section 8.6: digits; a list of equal numbers, or several equal lines, may be taken as one. It is, but a
// server that says so is not trusted with a second exchange.
void head_parser::on_content_length(std::string_view value) noexcept {
  last_is_framing_ = true;
  bool more = true;
  while (more) {
    std::uint64_t length = 0;
    if (!parse_length(grammar::next_element(value, more), length)) {
      framing_.bad_length = true;
      length = framing_.length;
    }
    framing_.repeated_length = framing_.repeated_length || framing_.has_length;
    if (framing_.has_length && length != framing_.length)
      framing_.bad_length = true;
    framing_.has_length = true;
    framing_.length = length;
  }
}

void head_parser::on_transfer_encoding(std::string_view value) noexcept {
  last_is_framing_ = true;
  ++framing_.transfer_encodings;
  framing_.chunked = grammar::equals_lower(value, "chunked");
}

// RFC 9112 section 9.6. An element that is no token is a doubt, and a doubt ends the connection.
void head_parser::on_connection(std::string_view value) noexcept {
  last_is_framing_ = true;
  bool more = true;
  while (more) {
    std::string_view const option = grammar::next_element(value, more);
    bool const token = std::all_of(option.begin(), option.end(), grammar::is_token_char);
    if (!token || grammar::equals_lower(option, "close"))
      head_.reusable = false;
  }
}

reply_fault head_parser::on_end_of_head() noexcept {
  if (reply_fault const fault = judge_framing(); fault != reply_fault::none)
    return fault;
  if (head_.status == 101)
    return reply_fault::upgrade;
  if (reply_fault const fault = choose_framing(); fault != reply_fault::none)
    return fault;
  if (head_.status < 200) { // RFC 9110 section 15.2
    if (++interim_ > limits_.interim)
      return reply_fault::interim;
    start_head();
    return reply_fault::none;
  }
  if (retry_afters_ > 1)
    head_.retry_after = {};
  expect_ = expect::nothing;
  return reply_fault::none;
}

// RFC 9112 section 6.3, without its leniencies: each of them has been a way to smuggle a reply.
reply_fault head_parser::judge_framing() const noexcept {
  bool const encoded = framing_.transfer_encodings != 0;
  if (encoded && framing_.has_length)
    return reply_fault::ambiguous;
  if (encoded && (framing_.transfer_encodings > 1 || !framing_.chunked || http_1_0_))
    return reply_fault::transfer_encoding;
  if (framing_.bad_length)
    return reply_fault::length;
  return reply_fault::none;
}

reply_fault head_parser::choose_framing() noexcept {
  bool const encoded = framing_.transfer_encodings != 0;
  head_.content_length = framing_.length;
  if (framing_.repeated_length)
    head_.reusable = false;
  if (head_.status < 200 || head_.status == 204 || head_.status == 304) {
    head_.framing = body_framing::none;
    if (encoded || framing_.length != 0)
      head_.reusable = false; // the server may mean to send that body
    return reply_fault::none;
  }
  if (encoded) {
    head_.framing = body_framing::chunked;
    return reply_fault::none;
  }
  if (framing_.has_length) {
    head_.framing = body_framing::sized;
    return framing_.length > limits_.body_bytes ? reply_fault::body : reply_fault::none;
  }
  head_.framing = body_framing::until_close;
  head_.reusable = false;
  return reply_fault::none;
}

} // namespace hvc::http
