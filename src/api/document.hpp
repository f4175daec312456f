// The frame of every decode function of <hvc/codec.hpp>: one document, one value, nothing after it.
#pragma once

#include "api/values.hpp"

#include <hvc/codec.hpp>

namespace hvc::json {

template <class T> result<T> decode_document(std::string_view text, decode_limits const& limits) {
  reader in(text, limits.depth);
  result<T> out(boost::system::in_place_value, empty<T>());
  if (!(in.begin() && read(in, *out) && in.finish()))
    out = in.take_error();
  return out;
}

template <class T> std::string encode_document(T const& value) {
  writer to;
  write(to, value);
  return to.take();
}

} // namespace hvc::json
