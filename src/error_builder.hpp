// Fills hvc::error, whose fields nobody else may write: from a failure of a layer below, or from a reply that is no
// success.
#pragma once

#include "failure.hpp"

#include <hvc/error.hpp>

#include <memory>

namespace hvc {

// The shared, immutable part of an error.
struct error::detail {
  std::string text{};
  std::string content_type{};
  std::string body_excerpt{};
  std::string certificate_sha256{};
  std::shared_ptr<standard_error const> standard{};
};

class error_builder {
public:
  explicit error_builder(error e) noexcept : error_(std::move(e)) {}
  explicit error_builder(failure f);
  error_builder& kind(error_kind k, std::string_view static_reason) noexcept {
    error_.kind_ = k;
    error_.reason_ = static_reason;
    return *this;
  }
  error_builder& stage(hvc::stage s) noexcept {
    error_.stage_ = s;
    return *this;
  }
  error_builder& retryable(bool r) noexcept {
    error_.retryable_ = r;
    return *this;
  }
  error_builder& may_have_taken_effect(bool e) noexcept {
    error_.may_have_taken_effect_ = e;
    return *this;
  }
  error_builder& http_status(int s) noexcept {
    error_.http_status_ = static_cast<std::uint16_t>(s);
    return *this;
  }
  error_builder& code(boost::system::error_code c) noexcept {
    error_.code_ = c;
    return *this;
  }
  error_builder& retry_after(std::chrono::seconds s) noexcept {
    error_.retry_after_ = s;
    return *this;
  }
  error_builder& attempts(unsigned n) noexcept {
    error_.attempts_ = static_cast<std::uint16_t>(n);
    return *this;
  }
  error_builder& elapsed(std::chrono::microseconds t) noexcept {
    error_.elapsed_ = t;
    return *this;
  }
  error_builder& connection_reused(bool r) noexcept {
    error_.connection_reused_ = r;
    return *this;
  }
  // Out of memory here leaves the detail out: the kind, stage and status still tell what happened.
  error_builder& detail(error::detail d) noexcept;
  error_builder& without_detail() noexcept {
    error_.detail_.reset();
    return *this;
  }
  [[nodiscard]] error::detail const* detail() const noexcept { return error_.detail_.get(); }
  [[nodiscard]] error build() noexcept { return std::move(error_); }

private:
  error error_;
};

} // namespace hvc
