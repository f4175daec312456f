// What an operation of the API is: a method and a path. Each has a file here that says these and how its reply decodes.
#pragma once

#include "http/request_head.hpp"
#include "outcome.hpp"

#include <hvc/codec.hpp>
#include <hvc/detail/initiate.hpp>

#include <string>
#include <string_view>

namespace hvc::detail {

struct operation {
  http::method method = http::method::get;
  std::string_view path; // {link} and {provider} stand for ids; empty: nothing is asked

  [[nodiscard]] bool asks() const noexcept { return !path.empty(); }

  // GET changes nothing, so it may be sent again although the server may have seen it (RFC 9110, section 9.2.2).
  [[nodiscard]] bool idempotent() const noexcept { return method == http::method::get; }
};

// The path with the ids in it, into `target`. False: `refused` says which id is none, and why.
[[nodiscard]] bool write_target(operation const& op, std::string_view link, std::string_view provider,
                                std::string& target, error& refused);

// The value of a reply whose body is JSON, or why there is none.
template <class T> using decoder = result<T> (*)(std::string_view json, decode_limits const& limits);

} // namespace hvc::detail
