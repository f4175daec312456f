// What the dispatcher decided: taken from the tables under the mutex, carried out without it; and the alarm.
#include "core.hpp"

#include "error_builder.hpp"

#include <algorithm>
#include <new>
#include <utility>

namespace hvc::detail {

using dispatch::action;

// What the dispatcher decided, made independent of the tables: from here on no lock is needed. Where memory is out it
// stays decided, nothing is half done, and the alarm comes back to it.
bool core::collect(chores& todo, connection_id self) noexcept {
  chores::ended* completions = nullptr;
  try {
    completions = &make_room(todo);
  } catch (std::bad_alloc const&) {
    set_alarm(platform_->now() + std::chrono::milliseconds(10));
    return false;
  }
  for (action& a : decided_) {
    if (a.what == action::type::complete) {
      auto& done = completions->emplace_back();
      end(a, done);
      for (auto const& item : todo.actions)
        if (item.action.what == action::type::abort && a.connection && item.action.connection == a.connection)
          done.aborted = item.connection;
      continue;
    }
    if (a.what == action::type::start && a.connection == self) {
      todo.next_call = a.call;
      continue;
    }
    auto& item = todo.actions.emplace_back();
    item.action = std::move(a);
    connection_id const id = item.action.connection;
    if (!id || id.slot >= connections_.size())
      continue;
    if (item.action.what == action::type::close || item.action.what == action::type::abort)
      item.connection = std::move(connections_[id.slot]);
    else if (item.action.what != action::type::dial)
      item.connection = connections_[id.slot];
  }
  decided_.clear();
  set_alarm(dispatcher_.next_deadline());
  return true;
}

chores::ended& core::make_room(chores& todo) const {
  auto const is_end = [](action const& a) { return a.what == action::type::complete; };
  auto const ends = static_cast<std::size_t>(std::count_if(decided_.begin(), decided_.end(), is_end));
  todo.actions.reserve(todo.actions.size() + decided_.size() - ends);
  if (todo.posted && ends != 0 && todo.later.empty())
    todo.later.emplace_back();
  if (todo.posted && !todo.busy && (ends != 0 || !closers_.empty()))
    todo.busy = keep_busy(executor_);
  auto& completions = todo.later.empty() ? todo.completions : todo.later.front();
  completions.reserve(completions.size() + ends);
  return completions;
}

void core::end(action& a, chores::completion& done) noexcept {
  call_record& c = record(a.call);
  done.call = a.call;
  done.handler.swap(c.handler);
  done.outcome.error = std::move(a.why);
  done.outcome.attempts = a.attempts;
  done.outcome.elapsed = a.elapsed;
  done.outcome.connection_reused = a.reused;
  done.outcome.secrets = this;
  done.outcome.authorization = std::move(c.authorization);
  done.outcome.json_depth = options_.limits().json_depth;
}

void core::set_alarm(time_point when) noexcept {
  try {
    wake_by(when);
  } catch (std::bad_alloc const&) { // the alarm of the call's start still rings, or the next news tries again
  }
}

void core::wake_by(time_point when) {
  if (when >= alarm_)
    return; // it rings early enough; too early costs little and loses nothing
  platform_->wake_at(when, weak_from_this());
  alarm_ = when;
}

void core::on_alarm() {
  chores todo;
  {
    std::lock_guard lock(mutex_);
    alarm_ = time_point::max();
    if (decided_.empty() || collect(todo)) { // of before: nothing piles up
      dispatcher_.tick(platform_->now(), decided_);
      collect(todo);
    }
  }
  try {
    carry_out(todo);
  } catch (...) {
    tell_later();
    throw;
  }
  tell_late();
}

namespace {

// A connection that was aborted in the middle of a call knows how far that had come.
void close_aborted(chores::ended& calls) noexcept {
  for (auto& done : calls)
    if (done.aborted) {
      stage const where = done.aborted->close();
      done.outcome.error = error_builder(*std::move(done.outcome.error)).stage(where).build();
      done.aborted.reset();
    }
}

} // namespace

void core::carry_out(chores& todo) {
  todo.lost.clear();
  close_aborted(todo.completions);
  for (auto& calls : todo.later)
    close_aborted(calls);
  for (std::size_t i = 0; i < todo.actions.size(); ++i) { // a connection that cannot start leaves more to do
    auto item = std::move(todo.actions[i]);
    act(item, todo);
    todo.lost.clear();
  }
  todo.actions.clear();
  if (!todo.notes.empty())
    tell(todo);
  if (!todo.later.empty())
    complete_later(todo.later);
  try {
    complete(todo.completions);
  } catch (...) {
    if (todo.closed)
      finish_close();
    throw;
  }
  if (todo.closed)
    finish_close();
}

void core::act(chores::item& item, chores& todo) {
  action const& a = item.action;
  switch (a.what) {
  case action::type::dial:
    return dial(a.connection, todo);
  case action::type::next_address:
    if (item.connection)
      item.connection->next_address(todo);
    return;
  case action::type::start:
    if (item.connection)
      item.connection->start(a.call, todo);
    return;
  case action::type::probe:
    if (item.connection)
      item.connection->probe(a.call, todo);
    return;
  case action::type::close:
  case action::type::abort:
    if (item.connection)
      item.connection->close();
    return note({.what = chores::note::event::closed, .why = a.why}, todo);
  case action::type::authorize:
    return ask_source_later(a.call, todo);
  case action::type::retrying:
    return note_retry(a, todo);
  case action::type::login_finished:
    return note({.what = chores::note::event::login, .why = a.why}, todo);
  case action::type::closed: // last, when all others have been told
    todo.closed = true;
    return;
  case action::type::complete:
    return; // collect() took it
  }
}

void core::dial(connection_id id, chores& todo) {
  try {
    dial(id);
  } catch (std::bad_alloc const&) {
    lost(id, {.why = error(error_kind::resource, "memory")}, todo);
  }
}

void core::dial(connection_id id) {
  std::shared_ptr<tls::context> tls;
  {
    std::lock_guard lock(mutex_);
    tls = tls_; // where it changes from here on, the connection is no longer wanted below
  }
  auto const c = std::make_shared<net::connection>(id, shared_from_this(), *platform_, std::move(tls),
                                                   http::reply_limits{.head_bytes = options_.limits().head_bytes,
                                                                      .fields = options_.limits().header_fields,
                                                                      .body_bytes = options_.limits().body_bytes});
  {
    std::lock_guard lock(mutex_);
    if (dropped_ || !dispatcher_.exists(id))
      return; // no longer wanted
    if (connections_.size() <= id.slot)
      connections_.resize(id.slot + 1);
    connections_[id.slot] = c;
  }
  c->open(url_.host, url_.port);
}

} // namespace hvc::detail
