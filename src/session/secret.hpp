// Text that is zeroised before its memory goes back: passwords and tokens (and what they were copied into).
#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace hvc::session {

// Zeroises what the string holds, keeps its capacity, leaves it empty.
void cleanse(std::string& s) noexcept;

class secret {
public:
  secret() = default;
  explicit secret(std::string text) noexcept : text_(std::move(text)) {}
  secret(secret&& other) noexcept { text_.swap(other.text_); }
  secret& operator=(secret&& other) noexcept {
    text_.swap(other.text_);
    return *this;
  }
  ~secret() { cleanse(text_); }

  void assign(std::string text) noexcept {
    cleanse(text_);
    text_.swap(text);
  }
  [[nodiscard]] std::string const& text() const noexcept { return text_; }

private:
  std::string text_;
};

} // namespace hvc::session
