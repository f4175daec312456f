// The pieces of error::message().
#pragma once

#include <hvc/error.hpp>

#include <string>

namespace hvc {

// What a message says before it tells where and when: for an error that tells of another one.
[[nodiscard]] std::string words_of(error const& e);

} // namespace hvc
