// From the outcome of a call to its value: what every operation with a JSON reply does before and after its own
// decoder.
#pragma once

#include "error_builder.hpp"
#include "operations/operation.hpp"

#include <new>
#include <optional>

namespace hvc::detail {

// Why a 2xx reply is not one to decode, if so.
[[nodiscard]] std::optional<error> unusable_content(outcome const& o);
// An error of decoding, completed with what is known of the call.
[[nodiscard]] error decoding_error(outcome const& o, error e) noexcept;

template <class T> result<T> decode_json(outcome& o, decoder<T> d) noexcept {
  if (o.error)
    return *std::move(o.error);
  try {
    if (auto refused = unusable_content(o))
      return decoding_error(o, *std::move(refused));
    result<T> r = d(o.reply.text(o.reply.body), decode_limits{.depth = o.json_depth});
    if (!r)
      return decoding_error(o, r.error());
    return r;
  } catch (std::bad_alloc const&) {
    return decoding_error(o, error(error_kind::resource, "memory"));
  }
}

} // namespace hvc::detail
