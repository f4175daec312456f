// The dispatcher's dealings with connections: opening, losing, freeing, retiring.
#include "dispatch/dispatcher.hpp"

#include "error_builder.hpp"

#include <algorithm>
#include <utility>

namespace hvc::dispatch {

// Opens what the waiters need and the limits allow. Cheap where there is nothing to do: runs after every change.
void dispatcher::pump(time_point now, actions& out) {
  if (closing_ && logouts_ == 0)
    return; // whoever still waits is being told
  while (auto victim = pool_.in_the_way())
    close_connection(*victim, out);
  while (auto id = pool_.dial(now)) {
    if (id->slot >= dials_.size())
      dials_.resize(id->slot + 1);
    dial_state& d = dials_[id->slot];
    d = dial_state{};
    d.budget_end = d.due = now + settings_.timeouts.connect;
    connection_deadlines_.set(id->slot, d.due);
    out.push_back({.what = action::type::dial, .connection = *id});
  }
}

void dispatcher::trying_address(time_point now, connection_id id, unsigned addresses) {
  pool::connection const* c = pool_.find(id);
  if (c == nullptr || c->state != pool::state::dialling || addresses == 0)
    return;
  dial_state& d = dials_[id.slot];
  d.stage = stage::connect;
  d.addresses_left = addresses;
  d.due = now + (d.budget_end - now) / addresses; // each has its share of what is left
  connection_deadlines_.set(id.slot, d.due);
}

void dispatcher::handshaking(time_point now, connection_id id) {
  pool::connection const* c = pool_.find(id);
  if (c == nullptr || c->state != pool::state::dialling)
    return;
  dial_state& d = dials_[id.slot];
  d.stage = stage::handshake;
  d.due = now + settings_.timeouts.handshake;
  connection_deadlines_.set(id.slot, d.due);
}

void dispatcher::dialled(time_point now, connection_id id, bool resumed, actions& out) {
  pool::connection const* c = pool_.find(id);
  if (c == nullptr || c->state != pool::state::dialling)
    return;
  ++stats_.connections_opened;
  stats_.connections_resumed += resumed ? 1U : 0U;
  connection_deadlines_.erase(id.slot);
  if (call_id const call = pool_.ready(now, id, random_()))
    start(now, call, id, out);
  else
    connection_deadlines_.set(id.slot, pool_.idle_until(*pool_.find(id)));
  pump(now, out); // one less is being opened
}

void dispatcher::dial_failed(time_point now, connection_id id, error why, actions& out) {
  ++stats_.connections_failed;
  pool_.remove(id);
  connection_deadlines_.erase(id.slot);
  if (call_id const call = pool_.charge_failed_dial()) {
    auto& c = *calls_.find(call);
    ++c.attempts;
    ++c.counted_attempts;
    c.reused = false;
    attempt_failed(now, call, std::move(why), true, out);
  }
  pump(now, out);
}

void dispatcher::lost(time_point now, connection_id id, loss l, actions& out) {
  pool::connection const* found = pool_.find(id);
  if (found == nullptr)
    return;
  if (found->state == pool::state::dialling)
    return dial_failed(now, id, std::move(l.why), out);
  pool::connection const dead = *found;
  pool_.remove(id);
  connection_deadlines_.erase(id.slot);
  bool const was_stale = dead.reused() && !l.reply_started &&
                         (l.why.kind() == error_kind::connection_lost || l.why.reason() == "unsolicited");
  if (dead.state == pool::state::busy && unwanted(dead.call)) {
    finish(now, dead.call, std::move(l.why), out);
    if (was_stale && l.begun)
      distrust(dead, out);
  } else if (dead.state == pool::state::busy) {
    call_state& c = *calls_.find(dead.call);
    bool const may_repeat = c.idempotent || !l.sent;
    c.sent = l.begun && l.sent;
    if (!l.begun) { // handed over while it died: nothing was tried
      --c.attempts;
      --c.counted_attempts;
      --stats_.attempts;
      enqueue(now, dead.call, pool::place::front, out);
    } else if (was_stale && may_repeat && !c.replayed) {
      replay(now, dead.call, out);
      distrust(dead, out);
    } else {
      // The server may have made a session nobody knows: at most one more login, and not on a stale connection again.
      bool const is_login = c.kind == call_kind::login;
      if (is_login && l.sent)
        c.max_attempts = std::min(c.max_attempts, c.counted_attempts + 1);
      c.fresh = is_login && was_stale;
      if (was_stale)
        distrust(dead, out);
      attempt_failed(now, dead.call, std::move(l.why), may_repeat || is_login, out);
    }
  }
  pump(now, out);
}

// A stale connection says something of those that lay idle while it did.
void dispatcher::distrust(pool::connection const& dead, actions& out) {
  while (auto const sibling = pool_.stale_sibling(dead))
    close_connection(*sibling, out);
}

// RFC 9112, section 9.3.1: a reused connection that died without a byte of reply was stale already. Once, on a fresh
// connection, not counted as a try.
void dispatcher::replay(time_point now, call_id id, actions& out) {
  call_state& c = *calls_.find(id);
  c.replayed = true;
  c.fresh = true;
  --c.counted_attempts;
  ++stats_.replays;
  enqueue(now, id, pool::place::front, out);
}

// After a reply: to the next waiter, to rest, or away.
void dispatcher::release(time_point now, connection_id id, afterwards a, actions& out) {
  bool const usable = a.reusable && !(a.idle_limit && *a.idle_limit <= std::chrono::seconds(1));
  if (!usable || pool_.surplus(now, id)) {
    close_connection(id, out);
    return pump(now, out);
  }
  if (call_id const next = pool_.free(now, id, a.idle_limit))
    return start(now, next, id, out);
  connection_deadlines_.set_at_most(id.slot, pool_.idle_until(*pool_.find(id)));
}

void dispatcher::close_connection(connection_id id, actions& out) {
  out.push_back({.what = action::type::close, .connection = id});
  pool_.remove(id);
  connection_deadlines_.erase(id.slot);
}

void dispatcher::connection_due(time_point now, connection_id id, actions& out) {
  pool::connection const* c = pool_.find(id);
  if (c == nullptr)
    return;
  switch (c->state) {
  case pool::state::dialling: {
    dial_state& d = dials_[id.slot];
    if (d.stage == stage::connect && d.addresses_left > 1) {
      out.push_back({.what = action::type::next_address, .connection = id});
      return trying_address(now, id, d.addresses_left - 1);
    }
    error const why =
        error_builder(error(d.stage == stage::handshake ? error_kind::tls_timeout : error_kind::connect_timeout))
            .stage(d.stage)
            .build();
    out.push_back({.what = action::type::close, .connection = id, .why = why});
    return dial_failed(now, id, why, out);
  }
  case pool::state::idle:
    if (now < pool_.idle_until(*c))
      return connection_deadlines_.set(id.slot, pool_.idle_until(*c));
    return close_connection(id, out);
  case pool::state::busy: {
    call_state& running = *calls_.find(c->call);
    if (now < running.attempt_due)
      return connection_deadlines_.set(id.slot, running.attempt_due);
    running.attempt_due = time_point::max();
    out.push_back({.what = action::type::probe, .call = c->call, .connection = id});
    return;
  }
  }
}

} // namespace hvc::dispatch
