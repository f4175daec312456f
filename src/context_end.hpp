// Breaks the cycles that end with an io_context: a coroutine that owns a client and waits for it keeps the client's
// core alive through its own handler, and so with a sweep. When the io_context goes, so do all handlers of what runs on
// it.
#pragma once

#include <boost/asio/any_io_executor.hpp>

#include <memory>

namespace hvc::detail {

class ends_with_context {
public:
  // The io_context is going away: drops all handlers, unanswered, and what else belongs to it.
  virtual void drop() noexcept = 0;

protected:
  ~ends_with_context() = default;
};

void drop_at_end(boost::asio::any_io_executor const& executor, std::weak_ptr<ends_with_context> what);

} // namespace hvc::detail
