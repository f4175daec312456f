// LocalizableMessage inside other structures.
#pragma once

#include "api/values.hpp"

namespace hvc::json {

bool read(reader& in, localizable_message& out);
void write(writer& to, localizable_message const& value);

} // namespace hvc::json
