// What users are told: completions, the end of a close, and notes for the observer.
#include "core.hpp"

#include "error_builder.hpp"

#include <boost/asio/post.hpp>

#include <iterator>
#include <new>
#include <utility>

namespace hvc::detail {

// Last, with no lock held. If one throws, the others still get their turn.
void core::complete(chores::ended& calls) {
  auto next = calls.begin();
  try {
    for (; next != calls.end(); ++next) {
      std::move(next->handler)(next->outcome);
      if (!next->outcome.error)
        recycle(std::move(next->outcome.reply.bytes));
    }
  } catch (...) {
    if (++next != calls.end())
      complete_others(calls, next);
    throw;
  }
}

// Later, from the executor; where there is no memory for that, now, and then what they throw goes nowhere.
void core::complete_others(chores::ended& calls, chores::ended::iterator from) noexcept {
  try {
    std::list<chores::ended> others;
    others.emplace_back(std::make_move_iterator(from), std::make_move_iterator(calls.end()));
    complete_later(others);
  } catch (std::bad_alloc const&) {
    for (; from != calls.end(); ++from)
      try {
        std::move(from->handler)(from->outcome);
      } catch (...) {
      }
  }
}

void core::complete_later(std::list<chores::ended>& calls) noexcept {
  {
    std::lock_guard lock(mutex_);
    late_.splice(late_.end(), calls);
  }
  tell_later();
}

// Where there is no memory even to say so, the alarm does it.
void core::tell_later() noexcept {
  try {
    boost::asio::post(executor_, [self = shared_from_this()] { self->tell_late(); });
  } catch (std::bad_alloc const&) {
    std::lock_guard lock(mutex_);
    set_alarm(platform_->now());
  }
}

void core::tell_late() {
  try {
    while (tell_one_late()) {
    }
  } catch (...) {
    tell_later();
    throw;
  }
}

// Calls that are over; when all of them were told, whoever waits for the close.
bool core::tell_one_late() {
  std::list<chores::ended> calls;
  close_handler closer;
  {
    std::lock_guard lock(mutex_);
    if (!late_.empty()) {
      calls.splice(calls.begin(), late_, late_.begin());
      ++telling_;
    } else if (closed_ && telling_ == 0 && !closers_.empty()) {
      closer.swap(closers_.front());
      closers_.pop_front();
    } else {
      cancel_alarm_if_closed();
      return false;
    }
  }
  if (closer) {
    std::move(closer)();
    return true;
  }
  struct told { // also where a handler throws
    core& of;
    ~told() {
      std::lock_guard lock(of.mutex_);
      --of.telling_;
    }
  } const when_left{*this};
  complete(calls.front());
  return true;
}

void core::recycle(std::string bytes) noexcept {
  constexpr std::size_t largest = 64 * 1024;
  if (bytes.capacity() > largest)
    return;
  std::lock_guard lock(mutex_);
  if (buffers_.size() < buffers_.capacity())
    buffers_.push_back(std::move(bytes));
}

// Nothing keeps the io_context busy then; before everybody was told, it may be the alarm that tells.
void core::cancel_alarm_if_closed() noexcept {
  if (!closed_ || !decided_.empty() || !late_.empty() || !closers_.empty())
    return;
  platform_->cancel_alarm();
  alarm_ = time_point::max();
}

void core::finish_close() noexcept {
  {
    std::lock_guard lock(mutex_);
    closed_ = true;
    cancel_alarm_if_closed();
    identity_.forget_token();
    retired_sessions_.clear();
    if (closers_.empty())
      return;
  }
  tell_later();
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

void core::note_retry(dispatch::action const& a, chores& todo) const noexcept {
  if (!options_.observer())
    return;
  chores::note n{.what = chores::note::event::retrying, .why = a.why, .delay = a.delay};
  try {
    std::lock_guard lock(mutex_);
    if (dispatcher_.exists(a.call))
      n.target = dispatcher_.is_login(a.call) ? session_path : record(a.call).target;
  } catch (std::bad_alloc const&) {
    return;
  }
  note(std::move(n), todo);
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
  error const* const why = n.why ? &*n.why : nullptr;
  switch (n.what) {
  case chores::note::event::opened:
    return observer.connection_opened(n.resumed);
  case chores::note::event::closed:
    return observer.connection_closed(why);
  case chores::note::event::replied:
    return observer.replied(n.http_status, n.date);
  case chores::note::event::retrying:
    return observer.retrying(n.target, *why, n.delay);
  case chores::note::event::login:
    return observer.login_finished(why);
  }
}

} // namespace hvc::detail
