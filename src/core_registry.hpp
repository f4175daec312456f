// Breaks the cycles that end with an io_context: a coroutine that owns a client and waits for it keeps the client's core
// alive through its own handler. When the io_context goes, so do all handlers of the cores that run on it.
#pragma once

#include <memory>

namespace hvc::detail {

struct core;
void register_core(std::shared_ptr<core> const& c);

} // namespace hvc::detail
