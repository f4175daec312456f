// The whole client as one state machine without I/O: joins pool, session, retry and deadlines. Told what happened and
// what time it is, it answers what to do. Not thread-safe; one caller at a time.
#pragma once

#include "dispatch/action.hpp"
#include "dispatch/authentication.hpp"
#include "dispatch/deadline_queue.hpp"
#include "dispatch/news.hpp"
#include "dispatch/prng.hpp"
#include "handle.hpp"
#include "pool/pool.hpp"
#include "retry/policy.hpp"
#include "session/session.hpp"

#include <hvc/options.hpp>
#include <hvc/stats.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <vector>

namespace hvc {
class error_builder;
}

namespace hvc::dispatch {

// How credentials of that kind are to the session.
[[nodiscard]] session::scheme scheme_of(authentication a) noexcept;

struct settings {
  pool_options pool;
  timeout_options timeouts;
  retry_options retry;
  std::chrono::milliseconds deadline{};
  std::chrono::milliseconds login_cool_down{};
  dispatch::authentication authentication = dispatch::authentication::fixed;
  std::uint64_t seed = 0;
};

enum class call_kind : std::uint8_t { user, login, logout };

struct call_request {
  std::chrono::milliseconds deadline{};
  unsigned max_attempts = 1;
  bool idempotent = true; // may be sent again although the server may have seen it
  bool asks = true;       // false: wants no more than a session
};

// Of a call.
struct standing {
  hvc::stage stage = hvc::stage::queue;
  unsigned attempts = 0;
  connection_id connection{}; // the one it runs on, if it does: that knows the stage better
};

class dispatcher {
public:
  explicit dispatcher(settings const& s);

  // From callers.
  // Takes all memory for one more call before it is submitted and, in `out`, for whatever may be decided at once. Then
  // nothing below throws but change_authentication(), which has changed nothing yet. The id the call will have.
  call_id prepare(actions& out);
  // When, at the earliest, something about a call that is submitted now may be due.
  [[nodiscard]] time_point first_deadline(time_point now, call_request const& r) const noexcept;
  call_id submit(time_point now, call_request const& r, actions& out);
  // `unless_sent`: only if no byte of a request that changes something may have left (what total cancellation
  // promises).
  void cancel(time_point now, call_id id, bool unless_sent, actions& out);
  void close(time_point now, actions& out); // idempotent; ends in the action `closed`
  // Leaves the session of now, if there is one that was logged in here, to somebody else, who logs out.
  bool release_session() noexcept { return !closing_ && session_.release(); }

  // From who changes the configuration.
  // Connections of before take no further call: idle ones, and those being opened, close now, busy ones after their
  // reply.
  void renew_connections(time_point now, actions& out);
  // After a prepare(). Calls that were not sent yet need a session, or a source's answer, of the new credentials, tried
  // at once whatever was refused before. The session logged in so far, if there is one, is logged out by the call whose
  // id this is, once the last call that was sent with it has ended.
  call_id change_authentication(time_point now, dispatch::authentication a, actions& out);

  // From the user's source of authorization: null, or why there is none.
  void authorized(time_point now, call_id id, error const* failed, actions& out);

  // From connections. A name that is gone is no error: the news came too late.
  void trying_address(time_point now, connection_id c, unsigned addresses_left); // that one included
  void handshaking(time_point now, connection_id c);
  void dialled(time_point now, connection_id c, bool resumed, actions& out);
  void succeeded(time_point now, connection_id c, call_id id, afterwards a, actions& out);
  void failed(time_point now, connection_id c, call_id id, error why, afterwards a,
              actions& out); // a reply that says no
  void lost(time_point now, connection_id c, loss l, actions& out);

  // From the alarm.
  void tick(time_point now, actions& out);
  [[nodiscard]] time_point next_deadline() const noexcept;

  // Questions.
  // What a call is, for whoever writes its request; nothing if it no longer runs on that connection.
  [[nodiscard]] std::optional<call_kind> running(call_id id, connection_id c) const noexcept;
  // Whether the call still waits for the user's source.
  [[nodiscard]] bool authorizing(call_id id) const noexcept;
  [[nodiscard]] bool exists(call_id id) const noexcept { return calls_.find(id) != nullptr; }
  [[nodiscard]] bool exists(connection_id c) const noexcept { return pool_.find(c) != nullptr; }
  [[nodiscard]] std::size_t call_slots() const noexcept { return calls_.slots(); }
  // Nothing of a call that is over.
  [[nodiscard]] std::optional<standing> where(call_id id);
  [[nodiscard]] bool is_login(call_id id) const noexcept { return id && id == login_; }
  [[nodiscard]] bool closing() const noexcept { return closing_; }
  [[nodiscard]] client_stats stats() const noexcept;

private:
  enum class phase : std::uint8_t { authorizing, awaiting_login, queued, active, backing_off, leaving };

  struct call_state {
    call_kind kind = call_kind::user;
    dispatcher::phase phase = dispatcher::phase::queued;
    bool idempotent = true;
    bool asks = true;
    bool admitted = false;         // let in: it may wait without regard to how many do
    bool authorized = false;       // the source has answered for this attempt
    bool replayed = false;         // after a stale connection: once
    bool repeated = false;         // after a 401: once
    bool fresh = false;            // this attempt wants a connection that has served nobody
    bool sent = false;             // a byte of the last attempt may have reached the server
    bool reused = false;           // the last attempt had one that had
    unsigned attempts = 0;         // all of them
    unsigned counted_attempts = 0; // those the retry policy knows of: no replay, no repetition after a 401
    unsigned max_attempts = 1;
    unsigned spent = 0; // tokens of the retry under way
    connection_id connection;
    std::uint64_t generation = 0; // of the session the request was stamped with
    time_point started;
    time_point deadline;
    time_point attempt_due; // silence until then is no failure; after one, when the next attempt begins
  };

  // A connection being opened.
  struct dial_state {
    hvc::stage stage = hvc::stage::resolve;
    unsigned addresses_left = 0; // each has its share of the time to connect
    time_point budget_end;       // of resolving and connecting
    time_point due;
  };

  static std::chrono::microseconds elapsed(time_point now, call_state const& c) noexcept;
  static error_builder about(time_point now, call_state const& c, error why) noexcept; // what befell the call
  call_id make_call(time_point now, call_kind k, call_request const& r);
  void proceed(time_point now, call_id id, actions& out);
  void enqueue(time_point now, call_id id, pool::place p, actions& out);
  void start(time_point now, call_id id, connection_id c, actions& out);
  void pump(time_point now, actions& out);
  void attempt_failed(time_point now, call_id id, error why, bool may_repeat, actions& out);
  void unauthenticated(time_point now, call_id id, error why, actions& out);
  void complete(time_point now, call_id id, actions& out);
  void finish(time_point now, call_id id, error why, actions& out, connection_id aborted = {});
  void tell(time_point now, call_id id, std::optional<error> why, actions& out, connection_id aborted = {});
  void end_early(time_point now, call_id id, error_kind k, actions& out);
  hvc::stage stage_of(call_state const& c);
  hvc::stage waiting_stage();

  void need_login(time_point now, call_id id, actions& out);
  void login_ended(time_point now, error const* failed, actions& out);
  void leave_login(call_id id, actions& out);
  [[nodiscard]] std::chrono::milliseconds login_deadline() const noexcept;
  void prolong_login(time_point now) noexcept;
  [[nodiscard]] bool unwanted(call_id id) const noexcept;
  void drop_login(actions& out);
  void leave_sessions(time_point now, actions& out);
  void logout_ended(call_id id, actions& out); // however it did
  [[nodiscard]] call_id session_to_leave();
  [[nodiscard]] unsigned waiting_calls() const noexcept;

  void release(time_point now, connection_id c, afterwards a, actions& out);
  void close_connection(connection_id c, actions& out);
  void dial_failed(time_point now, connection_id c, error why, actions& out);
  void distrust(pool::connection const& dead, actions& out);
  void replay(time_point now, call_id id, actions& out);
  void call_due(time_point now, call_id id, actions& out);
  void connection_due(time_point now, connection_id c, actions& out);
  void log_out(time_point now, actions& out);
  void finish_close(actions& out);

  settings settings_;
  pool::pool pool_;
  session::session session_;
  retry::budget budget_;
  prng random_;
  slot_map<call_id, call_state> calls_;
  std::vector<dial_state> dials_; // by connection slot
  deadline_queue call_deadlines_; // by slot, and judged when they come, as those of connections are
  deadline_queue connection_deadlines_;
  pool::waiters awaiting_login_;
  call_id login_;
  unsigned logouts_ = 0; // calls that log out, of sessions left included
  bool closing_ = false;
  bool closed_ = false;
  time_point close_by_; // if closing_
  client_stats stats_;
};

} // namespace hvc::dispatch
