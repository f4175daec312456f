// Parses reply heads, line by line as they arrive: the first half of the framing guard (RFC 9112 sections 2 to 6). Says
// how the body is framed; knows neither the body nor where its bytes come from.
#pragma once

#include "http/reply.hpp"
#include "http/reply_fault.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace hvc::http {

enum class body_framing : std::uint8_t { none, sized, chunked, until_close };

// The facts of a final reply's head. Offsets count from the first byte of the exchange.
struct reply_head {
  int status = 0;
  body_framing framing = body_framing::none;
  bool reusable = true;
  std::uint64_t content_length = 0;
  slice content_type;
  slice content_encoding;
  slice retry_after;
  slice date;
  slice keep_alive;
};

class head_parser {
public:
  explicit head_parser(reply_limits const& limits) noexcept : limits_(limits) {}

  // Start of an exchange.
  void reset() noexcept;

  enum class progress : std::uint8_t { need_more, done, failed };
  // Reads on: `data` holds `filled` bytes from the start of the exchange, those seen before unchanged. Interim replies
  // are skipped. A folded line is unfolded in place (RFC 9112 section 5.2).
  [[nodiscard]] progress advance(char* data, std::size_t filled) noexcept;

  [[nodiscard]] reply_head const& head() const noexcept { return head_; } // after done
  [[nodiscard]] std::size_t end() const noexcept { return line_begin_; }  // after done: where the body begins
  [[nodiscard]] reply_fault fault() const noexcept { return fault_; }     // after failed

private:
  enum class expect : std::uint8_t { status_line, first_field, field, nothing };

  // What one head says about framing, judged when the head is complete.
  struct framing_fields {
    unsigned transfer_encodings = 0;
    bool chunked = false; // the value of the last one
    bool has_length = false;
    bool bad_length = false;
    bool repeated_length = false;
    std::uint64_t length = 0;
  };

  reply_fault on_line(char* data, std::size_t begin, std::size_t line_feed) noexcept;
  reply_fault on_status_line(std::string_view line) noexcept;
  reply_fault on_field(char const* data, std::size_t begin, std::size_t end) noexcept;
  reply_fault on_fold(char* data, std::size_t begin, std::size_t end) noexcept;
  reply_fault on_end_of_head() noexcept;
  reply_fault judge_framing() const noexcept;
  reply_fault choose_framing() noexcept;
  void start_head() noexcept;

  void recognise(char const* data, std::string_view name, std::string_view value) noexcept;
  void on_content_length(std::string_view value) noexcept;
  void on_transfer_encoding(std::string_view value) noexcept;
  void on_connection(std::string_view value) noexcept;
  void keep(slice& s, char const* data, std::string_view value) noexcept;

  reply_limits limits_;
  std::size_t scanned_ = 0; // no line feed between line_begin_ and here
  std::size_t line_begin_ = 0;
  unsigned interim_ = 0;
  unsigned fields_ = 0;
  unsigned retry_afters_ = 0;
  expect expect_ = expect::status_line;
  reply_fault fault_ = reply_fault::none;
  bool http_1_0_ = false;
  bool last_is_framing_ = false; // whether the last field may not be folded
  slice* last_slice_ = nullptr;  // of head_: what a folded line continues
  framing_fields framing_;
  reply_head head_;
};

} // namespace hvc::http
