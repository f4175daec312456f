// A world around a dispatcher: virtual time, connections and a server that do what a test tells them, so that a test
// reads like a conversation. Every expect_...() takes the first action of its type out of what the dispatcher has
// decided so far.
#pragma once

#include "dispatch/dispatcher.hpp"

#include "catch.hpp"

#include <chrono>
#include <deque>
#include <map>
#include <string_view>

namespace hvc::dispatch::test {

using namespace std::chrono_literals;

[[nodiscard]] settings small_settings(authentication a = authentication::fixed);
[[nodiscard]] settings with_connections(unsigned most);
[[nodiscard]] settings logging_in(unsigned connections = 2);

// What a reply without success is to the dispatcher: 401 and 403 are standard errors, the others statuses.
[[nodiscard]] error reply_error(int status, std::chrono::seconds retry_after = 0s);
[[nodiscard]] error lost_connection();

inline constexpr afterwards keep{.reusable = true, .idle_limit = {}};
inline constexpr afterwards drop{.reusable = false, .idle_limit = {}};

class world {
public:
  explicit world(settings const& s = small_settings());

  // Callers.
  call_id submit(call_request const& r = {.deadline = 30s, .max_attempts = 3});
  call_id post(); // a call that must not be sent twice
  void cancel(call_id id, bool unless_sent = false);
  void close();
  void renew_connections();
  call_id change_authentication(authentication a); // the logout of the session before
  void authorize(call_id id);
  void refuse_to_authorize(call_id id);

  // Connections.
  void trying_address(connection_id c, unsigned addresses);
  void handshaking(connection_id c);
  void dialled(connection_id c, bool resumed = false);
  void fails_to_dial(connection_id c, error why = error(error_kind::connect));
  void replies(connection_id c, int status, afterwards a = keep, std::chrono::seconds retry_after = 0s);
  void dies(connection_id c);        // idle, or before the exchange it was handed had begun
  void dies_unsent(connection_id c); // begun, no byte of the request left
  void dies_without_reply(connection_id c, error why = lost_connection());
  void dies_in_reply(connection_id c);

  // Time, with every deadline on the way heard at its time.
  void pass(std::chrono::nanoseconds t);

  // What the dispatcher decided.
  connection_id expect_dial();
  connection_id expect_start(call_id id);
  connection_id expect_start(); // of whatever call, a login say
  [[nodiscard]] call_id on(connection_id c) const { return running_.at(c.slot); }
  void expect_start(call_id id, connection_id c);
  connection_id expect_start_on_new(call_id id); // on a connection that is dialled for it
  connection_id expect_start_on_new();           // the same of whatever call, a login say
  void expect_close(connection_id c);
  action expect_any_close();
  void expect_abort(connection_id c, call_id id);
  void expect_probe(connection_id c);
  void expect_next_address(connection_id c);
  call_id expect_authorize();
  action take_retry(call_id id);
  std::chrono::milliseconds expect_retry(call_id id) { return take_retry(id).delay; }
  action expect_complete(call_id id);
  void expect_success(call_id id);
  error expect_failure(call_id id, error_kind k, std::string_view reason = {});
  action expect_login_finished(bool succeeded);
  void expect_closed();
  void expect_nothing() const;

  [[nodiscard]] bool decided(action::type t) const;
  [[nodiscard]] std::size_t count(action::type t) const;
  [[nodiscard]] client_stats stats() const { return d.stats(); }

  // Short cuts: a connection that is open and idle; a call on it; a session.
  connection_id open();
  connection_id open_used();         // it has served a call
  connection_id running(call_id id); // dials if it must
  void log_in(connection_id c, int status = 200);
  connection_id open_logged_in(); // and it has served the call that wanted the session

  dispatcher d;
  time_point now{1h};

private:
  action take(action::type t, std::string_view name, auto matches);
  void check() const;
  void heard();
  void lose(connection_id c, loss l);

  unsigned most_connections_;
  actions fresh_;
  std::deque<action> decided_;
  std::map<std::uint32_t, call_id> running_; // by connection slot
};

} // namespace hvc::dispatch::test
