// Writes request heads: bytes prepared once a server, into which each request's target and fields are patched. Requests
// have no body. Knows no operation and no session; what it is given was validated before.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace hvc::http {

enum class method : std::uint8_t { get, post, del };

class request_head {
public:
  // `authority` is the Host field's value: name, or name and port. Both must be field values (RFC 9110 section 5.5).
  request_head(std::string_view authority, std::string_view user_agent);

  // Appends a head to `out`; allocates only where `out` has no room. `target` in origin form, percent-encoded;
  // `auth_line` one "name: value" without its CRLF, or empty; `extra_lines` complete lines, each with its CRLF, or
  // empty.
  void write(std::string& out, method m, std::string_view target, std::string_view auth_line,
             std::string_view extra_lines) const;

private:
  std::string after_target_; // from the space behind the target to the last field every request has
};

} // namespace hvc::http
