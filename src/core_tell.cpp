// What users are told: completions, the end of a close, and notes for the observer.
#include "core.hpp"

#include "error_builder.hpp"

#include <boost/asio/post.hpp>

#include <iterator>
#include <new>
#include <utility>

namespace hvc::detail {

// Last, with no lock held. If one throws, the others still get their turn: later, from the executor.
void core::complete(chores::ended& calls) {
  auto next = calls.begin();
  try {
    for (; next != calls.end(); ++next) {
      std::move(next->handler)(next->outcome);
      if (next->outcome.succeeded)
        recycle(std::move(next->outcome.reply.bytes));
    }
  } catch (...) {
    if (++next != calls.end()) {
      std::list<chores::ended> others;
      others.emplace_back(std::make_move_iterator(next), std::make_move_iterator(calls.end()));
      complete_later(others);
    }
    throw;
  }
}

void core::complete_later(std::list<chores::ended>& calls) noexcept {
  {
    std::lock_guard lock(mutex_);
    late_.splice(late_.end(), calls);
  }
  later(&core::complete_late);
}

void core::complete_late() {
  for (std::list<chores::ended> calls;; calls.clear()) {
    {
      std::lock_guard lock(mutex_);
      if (late_.empty())
        return;
      calls.splice(calls.begin(), late_, late_.begin());
    }
    complete(calls.front());
  }
}

// Where there is no memory even to say so, the alarm does it.
void core::later(void (core::*what)()) noexcept {
  try {
    boost::asio::post(executor_, [self = shared_from_this(), what] { ((*self).*what)(); });
  } catch (std::bad_alloc const&) {
    std::lock_guard lock(mutex_);
    set_alarm(platform_->now());
  }
}

void core::recycle(std::string bytes) noexcept {
  constexpr std::size_t largest = 64 * 1024;
  if (bytes.capacity() > largest)
    return;
  std::lock_guard lock(mutex_);
  if (buffers_.size() < buffers_.capacity())
    buffers_.push_back(std::move(bytes));
}

void core::finish_close() noexcept {
  std::size_t waiting;
  {
    std::lock_guard lock(mutex_);
    closed_ = true;
    waiting = closers_.size();
    platform_->cancel_alarm();
    alarm_ = dispatch::time_point::max();
    identity_.forget_token();
    sessions_left_.clear();
  }
  for (; waiting != 0; --waiting)
    later(&core::tell_closed);
}

void core::tell_closed() {
  for (;;) {
    close_handler handler;
    {
      std::lock_guard lock(mutex_);
      if (!closed_ || closers_.empty())
        return;
      handler.swap(closers_.front());
      closers_.pop_front();
    }
    std::move(handler)();
  }
}

// What there is no memory for, an observer does not hear.
void core::note(chores::note n, chores& todo) const noexcept {
  if (!options_.observer())
    return;
  try {
    todo.notes.push_back(std::move(n));
  } catch (std::bad_alloc const&) {
  }
}

// Observers are told on the executor only, as completions are.
void core::tell(chores& todo) {
  auto const notes = std::move(todo.notes);
  todo.notes.clear();
  if (todo.posted) {
    try {
      return boost::asio::post(executor_, [self = shared_from_this(), notes] {
        for (auto const& n : notes)
          self->observe(n);
      });
    } catch (std::bad_alloc const&) {
      return;
    }
  }
  for (auto const& n : notes)
    observe(n);
}

void core::observe(chores::note const& n) const {
  auto& observer = *options_.observer();
  error const* const why = n.why.kind() == error_kind::closed ? nullptr : &n.why;
  switch (n.what) {
  case chores::note::event::opened:
    return observer.connection_opened(n.resumed);
  case chores::note::event::closed:
    return observer.connection_closed(why);
  case chores::note::event::replied:
    return observer.replied(n.http_status, n.date);
  case chores::note::event::retrying:
    return observer.retrying(n.why, n.delay);
  case chores::note::event::login:
    return observer.login_finished(why);
  }
}

} // namespace hvc::detail
