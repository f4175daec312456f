// A change of configuration while calls are under way: what was sent finishes as it began, all else goes on with the
// new.
#include "dispatch/dispatcher.hpp"

#include <algorithm>
#include <vector>

namespace hvc::dispatch {

void dispatcher::renew_connections(time_point now, actions& out) {
  pool_.for_each([&](connection_id id, pool::connection const& c) {
    if (c.state == pool::state::busy)
      pool_.retire(id);
    else
      close_connection(id, out);
  });
  pump(now, out);
}

call_id dispatcher::change_authentication(time_point now, dispatch::authentication a, actions& out) {
  std::vector<call_id> unsent;
  calls_.for_each([&](call_id id, call_state const& c) {
    if (c.kind == call_kind::user &&
        (c.phase == phase::authorizing || c.phase == phase::awaiting_login || c.phase == phase::queued))
      unsent.push_back(id);
  });
  std::sort(unsent.begin(), unsent.end(),
            [this](call_id x, call_id y) { return calls_.find(x)->started < calls_.find(y)->started; });

  call_id leaving;
  if (session_.owned()) {
    ++logouts_;
    leaving = make_call(now, call_kind::logout, {.deadline = std::chrono::milliseconds::max(), .idempotent = false});
    calls_.find(leaving)->phase = phase::leaving;
    calls_.find(leaving)->generation = session_.generation();
  }
  drop_login(out);
  settings_.authentication = a;
  session_.change(scheme_of(a));
  for (call_id const id : unsent) {
    pool_.withdraw(id);
    awaiting_login_.remove(id);
    calls_.find(id)->authorized = false;
  }
  for (call_id const id : unsent)
    proceed(now, id, out);
  leave_sessions(now, out);
  pump(now, out);
  return leaving;
}

// Logs out of the sessions of earlier credentials that no call was sent with any more.
void dispatcher::leave_sessions(time_point now, actions& out) {
  while (call_id const id = session_to_leave()) {
    calls_.find(id)->deadline = now + settings_.timeouts.logout;
    call_deadlines_.set_at_most(id.slot, calls_.find(id)->deadline);
    enqueue(now, id, pool::place::front, out);
  }
}

call_id dispatcher::session_to_leave() {
  if (logouts_ == 0)
    return {};
  call_id found;
  calls_.for_each([&](call_id id, call_state const& left) {
    if (found || left.phase != phase::leaving)
      return;
    bool in_use = false;
    calls_.for_each([&](call_id, call_state const& c) {
      in_use = in_use || (c.kind == call_kind::user && c.phase == phase::active && c.generation == left.generation);
    });
    if (!in_use)
      found = id;
  });
  return found;
}

} // namespace hvc::dispatch
