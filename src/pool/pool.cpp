#include "pool/pool.hpp"

#include <algorithm>
#include <bit>

namespace hvc::pool {
namespace {

// Opened at a time: more handshakes at once are a burden to a front proxy, and those that come after the first find a
// session to resume.
constexpr unsigned most_dialling = 64;

// +-10 %, so that connections opened together do not close together.
std::chrono::nanoseconds jittered(std::chrono::nanoseconds t, std::uint64_t random) noexcept {
  auto const tenth = t.count() / 10;
  auto const range = static_cast<unsigned __int128>(2 * tenth + 1);
  return t + std::chrono::nanoseconds(static_cast<std::int64_t>((range * random) >> 64) - tenth);
}

} // namespace

void pool::reserve(std::size_t call_slots) {
  waiting_.reserve(call_slots);
  waiting_fresh_.reserve(call_slots);
  if (total() < options_.max_connections)
    connections_.reserve(std::min<std::size_t>(options_.max_connections - total(), call_slots));
  idle_.reserve(connections_.slots());
}

call_id pool::assign(connection& c, call_id call) noexcept {
  c.state = state::busy;
  c.call = call;
  return call;
}

pool::taken pool::take(time_point now, call_id call, where w, place p, connection_id& given) {
  if (w == where::any) {
    for (auto at = idle_.end(); at != idle_.begin();) {
      connection_id const id = *--at;
      connection& c = *connections_.find(id);
      if (now >= idle_until(c))
        continue; // about to be closed; each has a limit of its own, so one below it may still do
      idle_.erase(at);
      assign(c, call);
      given = id;
      return taken::connection;
    }
  }
  if (p == place::back_if_room && waiting() >= options_.max_waiters)
    return taken::full;
  auto& queue = w == where::fresh ? waiting_fresh_ : waiting_;
  if (p == place::front)
    queue.push_front(call);
  else
    queue.push_back(call);
  return taken::waits;
}

std::optional<connection_id> pool::dial(time_point now) {
  if (dialling_ >= std::min(waiting(), most_dialling) || total() >= options_.max_connections)
    return std::nullopt;
  connection_id const id = connections_.acquire();
  *connections_.find(id) = connection{};
  connections_.find(id)->opened = now;
  ++dialling_;
  return id;
}

call_id pool::ready(time_point now, connection_id id, std::uint64_t random) {
  connection& c = *connections_.find(id);
  --dialling_;
  c.opened = now;
  c.retire_at = now + jittered(options_.max_lifetime, random);
  c.idle_limit = jittered(options_.idle_timeout, std::rotl(random, 32)); // whose high half is another number
  if (call_id const call = waiting_fresh_.pop_front())
    return assign(c, call);
  if (call_id const call = waiting_.pop_front())
    return assign(c, call);
  c.state = state::idle;
  c.idle_since = now;
  idle_.push_back(id);
  return call_id{};
}

std::optional<connection_id> pool::in_the_way() const noexcept {
  if (waiting_fresh_.size() <= dialling_ || total() < options_.max_connections || idle_.empty())
    return std::nullopt;
  return idle_.front();
}

bool pool::surplus(time_point now, connection_id id) const noexcept {
  connection const* c = connections_.find(id);
  bool const blocks_a_fresh_one = waiting_fresh_.size() > dialling_ && total() >= options_.max_connections;
  return c == nullptr || now >= c->retire_at || blocks_a_fresh_one;
}

call_id pool::free(time_point now, connection_id id, std::optional<std::chrono::seconds> idle_limit) {
  connection& c = *connections_.find(id);
  ++c.served;
  if (idle_limit) // a second less than the server's, so that ours ends first
    c.idle_limit = std::min<std::chrono::nanoseconds>(c.idle_limit, *idle_limit - std::chrono::seconds(1));
  if (call_id const call = waiting_.pop_front())
    return assign(c, call);
  c.state = state::idle;
  c.call = call_id{};
  c.idle_since = now;
  idle_.push_back(id);
  return call_id{};
}

void pool::remove(connection_id id) noexcept {
  connection* c = connections_.find(id);
  if (c == nullptr)
    return;
  if (c->state == state::dialling)
    --dialling_;
  if (c->state == state::idle)
    std::erase(idle_, id);
  connections_.release(id);
}

call_id pool::charge_failed_dial() noexcept {
  call_id const call = waiting_fresh_.pop_front();
  return call ? call : waiting_.pop_front();
}

std::optional<connection_id> pool::stale_sibling(connection const& dead) const noexcept {
  for (connection_id id : idle_)
    if (connections_.find(id)->opened <= dead.opened || connections_.find(id)->idle_since <= dead.idle_since)
      return id;
  return std::nullopt;
}

time_point pool::idle_until(connection const& c) const noexcept {
  return std::min(c.retire_at, c.idle_since + c.idle_limit);
}

} // namespace hvc::pool
