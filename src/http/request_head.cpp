// What every request says: Host, User-Agent, Accept. Accept-Encoding is left out on purpose: the front proxy compresses
// for whoever offers it, and nothing is inflated here.
#include "http/request_head.hpp"

#include "http/field.hpp"

#include <algorithm>
#include <cassert>

namespace hvc::http {

namespace {

// A login without Content-Type is answered 500 by some servers, its empty body notwithstanding. Content-Length: 0
// because RFC 9110 section 8.6 asks a POST for it.
constexpr std::string_view post_fields = "Content-Type: application/json\r\nContent-Length: 0\r\n";

constexpr std::size_t largest_rest = 96; // the method, post_fields and two line ends

constexpr std::string_view method_and_space(method m) noexcept {
  switch (m) {
  case method::get:
    break;
  case method::post:
    return "POST ";
  case method::del:
    return "DELETE ";
  }
  return "GET ";
}

[[maybe_unused]] bool is_target(std::string_view s) noexcept {
  return s.starts_with('/') && std::all_of(s.begin(), s.end(), [](char c) { return c > ' ' && c < 0x7F; });
}

} // namespace

request_head::request_head(std::string_view authority, std::string_view user_agent) {
  assert(is_field_value(authority) && is_field_value(user_agent));
  after_target_.append(" HTTP/1.1\r\nHost: ").append(authority);
  after_target_.append("\r\nUser-Agent: ").append(user_agent);
  after_target_.append("\r\nAccept: application/json\r\n");
}

void request_head::write(std::string& out, method m, std::string_view target, std::string_view auth_line,
                         std::string_view extra_lines) const {
  assert(is_target(target));
  assert(is_field_value(auth_line));
  assert(extra_lines.empty() || extra_lines.ends_with("\r\n"));
  // At once, so that nothing of the line stays in memory that growing leaves behind.
  out.reserve(out.size() + target.size() + after_target_.size() + auth_line.size() + extra_lines.size() + largest_rest);
  out.append(method_and_space(m)).append(target).append(after_target_);
  if (!auth_line.empty())
    out.append(auth_line).append("\r\n");
  out.append(extra_lines);
  if (m == method::post)
    out.append(post_fields);
  out.append("\r\n");
}

} // namespace hvc::http
