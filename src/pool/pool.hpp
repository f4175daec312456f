// Which call gets which connection: a bounded set of connections, FIFO waiters with a cap, LIFO reuse, late binding (a
// call takes whatever is there first), idle and lifetime limits. Pure: knows no socket; time and randomness are
// arguments.
#pragma once

#include "handle.hpp"
#include "pool/waiters.hpp"
#include "time_point.hpp"

#include <hvc/options.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

namespace hvc::pool {

enum class state : std::uint8_t { dialling, idle, busy };

struct connection {
  pool::state state = state::dialling;
  call_id call;        // of a busy one
  unsigned served = 0; // exchanges finished on it
  time_point opened;
  time_point idle_since;
  time_point retire_at;                  // takes no further call after this
  std::chrono::nanoseconds idle_limit{}; // this connection's own, jittered
  [[nodiscard]] bool reused() const noexcept { return served > 0; }
};

enum class where : std::uint8_t {
  any,  // whatever is free
  fresh // a connection that has served nobody: for what a stale one lost
};
enum class place : std::uint8_t {
  back_if_room, // a new call: refused where too many wait already
  back,         // a call that was let in before
  front
};

class pool {
public:
  explicit pool(pool_options const& o) : options_(o) {}

  // One more call may come, of so many slots there are: nothing about it, and a connection for it, throws.
  void reserve(std::size_t call_slots);

  // A connection for the call, in `given`, or none: then the call waits, or was refused since the queue is full.
  enum class taken : std::uint8_t { connection, waits, full };
  taken take(time_point now, call_id call, where w, place p, connection_id& given);
  // The call no longer waits. False: it did not.
  bool withdraw(call_id call) noexcept { return waiting_.remove(call) || waiting_fresh_.remove(call); }

  // A connection to open now, if one more is wanted: call again until none.
  std::optional<connection_id> dial(time_point now);
  // An idle connection to close so that a fresh one can be opened for a waiter that wants no other; call again until
  // none.
  [[nodiscard]] std::optional<connection_id> in_the_way() const noexcept;
  // It is open, or free again: the waiter it goes to, or none and it is idle.
  call_id ready(time_point now, connection_id c, std::uint64_t random);
  // `idle_limit`: the server's own, if it said one. Only for a connection that may carry another exchange.
  call_id free(time_point now, connection_id c, std::optional<std::chrono::seconds> idle_limit);
  // Whether a freed connection should be closed instead: retired, or in the way of a fresh one.
  [[nodiscard]] bool surplus(time_point now, connection_id c) const noexcept;
  // It is gone, whatever it did.
  void remove(connection_id c) noexcept;
  // The first waiter, to be told that a connection could not be opened. None if nobody waits.
  call_id charge_failed_dial() noexcept;
  // An idle connection last used before this one was: when it was stale, so is that one. None: there is no other.
  [[nodiscard]] std::optional<connection_id> stale_sibling(connection const& dead) const noexcept;
  // When an idle connection is to be closed.
  [[nodiscard]] time_point idle_until(connection const& c) const noexcept;
  // It takes no further call.
  void retire(connection_id c) noexcept { connections_.find(c)->retire_at = time_point::min(); }

  [[nodiscard]] connection* find(connection_id c) noexcept { return connections_.find(c); }
  [[nodiscard]] connection const* find(connection_id c) const noexcept { return connections_.find(c); }
  [[nodiscard]] connection_id at(std::uint32_t slot) const noexcept { return connections_.at(slot); }
  template <class F> void for_each(F f) { connections_.for_each(f); }
  [[nodiscard]] std::size_t slots() const noexcept { return connections_.slots(); }
  [[nodiscard]] unsigned total() const noexcept { return static_cast<unsigned>(connections_.size()); }
  [[nodiscard]] unsigned dialling() const noexcept { return dialling_; }
  [[nodiscard]] unsigned idle() const noexcept { return static_cast<unsigned>(idle_.size()); }
  [[nodiscard]] unsigned waiting() const noexcept { return waiting_.size() + waiting_fresh_.size(); }

private:
  static call_id assign(connection& c, call_id call) noexcept;

  pool_options options_;
  slot_map<connection_id, connection> connections_;
  std::vector<connection_id> idle_; // the most recently used last
  waiters waiting_;
  waiters waiting_fresh_;
  unsigned dialling_ = 0;
};

} // namespace hvc::pool
