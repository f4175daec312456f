// The shared state behind a client: a leaf mutex around the dispatcher, the table of live calls and that of
// connections. Carries the dispatcher's actions out; decides nothing itself.
#pragma once

#include "brief_mutex.hpp"
#include "chores.hpp"
#include "context_end.hpp"
#include "dispatch/dispatcher.hpp"
#include "handle.hpp"
#include "http/request_head.hpp"
#include "identity.hpp"
#include "net/connection.hpp"
#include "net/platform.hpp"
#include "operations/operation.hpp"
#include "server_url.hpp"
#include "session/secret.hpp"
#include "tls/context.hpp"

#include <hvc/client.hpp>

#include <deque>
#include <list>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace hvc::detail {

// What is built on the client starts its calls here: as detail::start, with a name to cancel the call by.
call_id start_call(entrance const& to, operation const& op, std::string_view link, std::string_view provider,
                   call_options const& options, boost::asio::cancellation_slot slot, reply_handler handler);
// Ends what was wrong before it began: no call comes of it, and so there is no name.
call_id refuse(boost::asio::any_io_executor const& executor, error why, reply_handler handler);

struct core final : net::connection_owner,
                    net::sleeper,
                    secret_keeper,
                    ends_with_context,
                    std::enable_shared_from_this<core> {
  // Throws std::invalid_argument where an option is impossible.
  core(boost::asio::any_io_executor executor, client_options options, std::unique_ptr<net::platform> platform);
  ~core();

  // Callers'.
  call_id start(operation const& op, std::string_view link, std::string_view provider, call_options const& options,
                boost::asio::cancellation_slot slot, reply_handler handler);
  void cancel(call_id id, bool unless_sent);
  void close(close_handler handler); // may be empty
  [[nodiscard]] std::optional<session_token> release_session();
  [[nodiscard]] result<void> update_credentials(credentials c);
  [[nodiscard]] result<void> update_tls(tls_options const& o);
  void drop() noexcept override;
  [[nodiscard]] client_stats stats();
  [[nodiscard]] std::optional<dispatch::standing> where(call_id id); // nothing of a call that is over
  [[nodiscard]] boost::asio::any_io_executor const& executor() const noexcept { return executor_; }

  // Completions'.
  [[nodiscard]] error without_secrets(error e, session::secret const& authorization) const noexcept override;

  // Connections'.
  void trying_address(connection_id c, unsigned addresses) override;
  void handshaking(connection_id c) override;
  void dialled(connection_id c, bool resumed, chores& todo) override;
  void replied(connection_id c, call_id call, http::reply reply, chores& todo) override;
  void lost(connection_id c, dispatch::loss l, chores& todo) override;
  bool write_request(connection_id c, call_id call, std::string& request) override;
  void carry_out(chores& todo) override;

  // The alarm's.
  void on_alarm() override;

private:
  static constexpr std::string_view session_path = "/api/session";

  // A call's own things, by the slot of its id; kept after the call for their capacity.
  struct call_record {
    reply_handler handler;
    operation const* op = nullptr;
    std::string target;
    std::string header_lines;
    session::secret authorization; // "Authorization: ...", where a source was asked for this call
  };
  // Of earlier credentials: logged out by this call.
  struct retired_session {
    call_id logout;
    session::secret line;
  };

  // With the mutex held:
  call_id prepare();
  call_record& record(call_id id) { return records_[id.slot]; }
  [[nodiscard]] call_record const& record(call_id id) const { return records_[id.slot]; }
  bool collect(chores& todo, connection_id self = {}) noexcept;
  chores::ended& make_room(chores& todo) const;
  void end(dispatch::action& a, chores::completion& done) noexcept;
  void lose_reply(call_id call) noexcept;
  void set_alarm(time_point when) noexcept;
  void wake_by(time_point when);
  void cancel_alarm_if_closed() noexcept;
  void logged_in(connection_id c, call_id call, http::reply reply, dispatch::afterwards a, chores& todo);
  void assign_token(std::string_view token);
  [[nodiscard]] std::string_view logout_line(call_id call) const noexcept;
  [[nodiscard]] error hide(error e, session::secret const& authorization) const noexcept;

  // Without:
  void act(chores::item& item, chores& todo);
  void dial(connection_id id, chores& todo);
  void dial(connection_id id);
  void ask_source_later(call_id id, chores& todo);
  void ask_source(call_id id);
  using asked_credentials = std::shared_ptr<credentials const>; // those whose source was asked
  void source_answered(call_id id, asked_credentials const& asked, std::exception_ptr failed, std::string value);
  void note(chores::note n, chores& todo) const noexcept;
  void note_retry(dispatch::action const& a, chores& todo) const noexcept;
  void tell(chores& todo);
  void observe(chores::note const& n) const;
  void complete(chores::ended& calls);
  void complete_later(std::list<chores::ended>& calls) noexcept;
  void complete_others(chores::ended& calls, chores::ended::iterator from) noexcept;
  void finish_close() noexcept;
  void tell_later() noexcept;
  void tell_late();
  bool tell_one_late();
  void recycle(std::string bytes) noexcept;
  [[nodiscard]] error reply_error(http::reply const& r) const;

  boost::asio::any_io_executor const executor_;
  client_options options_; // but for the credentials
  std::unique_ptr<net::platform> const platform_;
  server_url const url_;
  http::request_head const head_;
  mutable brief_mutex mutex_; // a leaf: no other lock of ours is taken with it held
  std::shared_ptr<tls::context> tls_;
  identity identity_;
  former_secrets former_; // of sessions and of identities
  std::vector<retired_session> retired_sessions_;
  dispatch::dispatcher dispatcher_;
  dispatch::actions decided_;       // by the dispatcher, not yet collected; has room for whatever it may decide
  std::deque<call_record> records_; // by call slot
  std::vector<std::shared_ptr<net::connection>> connections_; // by connection slot
  std::vector<std::string> buffers_;                          // of earlier replies, for their capacity
  std::list<chores::ended> late_;                             // calls that are over, and told so from the executor
  unsigned telling_ = 0;                                      // how many such lists are being told
  std::list<close_handler> closers_;
  time_point alarm_ = time_point::max(); // when it will ring
  bool closed_ = false;
  bool dropped_ = false;
};

} // namespace hvc::detail
