// hvc::error: its names, what it reads from its detail, and how it is thrown. The text for a person: error_message.cpp.
#include "error_builder.hpp"

#include <boost/throw_exception.hpp>

#include <array>

namespace hvc {
namespace {

constexpr std::array<std::string_view, 22> kind_names = {
    "resolve",     "connect",          "connect_timeout", "attempt_timeout", "tls_verify",      "tls_handshake",
    "tls_timeout", "pool_full",        "deadline",        "canceled",        "connection_lost", "protocol",
    "limit",       "content",          "decode",          "standard",        "route_unknown",   "http_status",
    "auth",        "invalid_argument", "resource",        "closed"};

constexpr std::array<std::string_view, 10> stage_names = {"queue", "resolve", "connect", "handshake", "login",
                                                          "write", "head",    "body",    "decode",    "back_off"};

static_assert(std::size_t(error_kind::closed) + 1 == kind_names.size());
static_assert(std::size_t(stage::back_off) + 1 == stage_names.size());

} // namespace

std::string_view to_string(error_kind kind) noexcept {
  auto const i = static_cast<std::size_t>(kind);
  return i < kind_names.size() ? kind_names[i] : std::string_view();
}

std::string_view to_string(stage where) noexcept {
  auto const i = static_cast<std::size_t>(where);
  return i < stage_names.size() ? stage_names[i] : std::string_view();
}

std::shared_ptr<standard_error const> error::standard() const noexcept { return detail_ ? detail_->standard : nullptr; }

std::string_view error::content_type() const noexcept {
  return detail_ ? std::string_view(detail_->content_type) : std::string_view();
}

std::string_view error::body_excerpt() const noexcept {
  return detail_ ? std::string_view(detail_->body_excerpt) : std::string_view();
}

std::string_view error::certificate_sha256() const noexcept {
  return detail_ ? std::string_view(detail_->certificate_sha256) : std::string_view();
}

void throw_exception_from_error(error const& e, boost::source_location const& where) {
  boost::throw_exception(exception(e), where);
}

} // namespace hvc
