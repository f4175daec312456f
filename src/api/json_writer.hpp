// Writes JSON (RFC 8259) without white space. Keeps no state but the text: a comma is due where the last byte ended a
// value.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace hvc::json {

class writer {
public:
  writer() { out_.reserve(1000); } // most messages need no more

  void begin_object() { open('{'); }
  void end_object() { out_.push_back('}'); }
  void begin_array() { open('['); }
  void end_array() { out_.push_back(']'); }
  void name(std::string_view);
  void quoted_name(std::string_view); // as it is to stand there, with its colon
  void string(std::string_view);      // bytes that are no UTF-8 become U+FFFD
  void integer(std::int64_t);
  void number(double); // shortest text that reads back the same; null where it is not finite
  void raw(std::string_view json);

  [[nodiscard]] std::string take() noexcept { return std::move(out_); }

private:
  void separate();
  void open(char bracket);
  void quoted(std::string_view);

  std::string out_;
};

} // namespace hvc::json
