// One connection: a mutex around an exchange and the transport that carries its bytes. Every entry takes the mutex;
// what it learned goes to the owner, and what that leaves to do is done after the mutex is released.
#pragma once

#include "chores.hpp"
#include "dispatch/news.hpp"
#include "exchange/exchange.hpp"
#include "handle.hpp"
#include "net/platform.hpp"

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace hvc::net {

// Whom a connection serves. Called with the connection's mutex held; takes its own lock inside (order: connection,
// owner).
class connection_owner {
public:
  virtual void trying_address(connection_id c, unsigned addresses_left) = 0;
  virtual void handshaking(connection_id c) = 0;
  virtual void dialled(connection_id c, bool resumed, chores& todo) = 0;
  virtual void replied(connection_id c, call_id call, http::reply reply, chores& todo) = 0;
  virtual void lost(connection_id c, dispatch::loss l, chores& todo) = 0;
  // The bytes of the call's request, in a buffer that may serve its reply afterwards. False: it no longer runs here.
  virtual bool write_request(connection_id c, call_id call, std::string& request) = 0;
  // Without any lock held: all that `todo` holds.
  virtual void carry_out(chores& todo) = 0;

protected:
  ~connection_owner() = default;
};

class connection final : public transport_events, public std::enable_shared_from_this<connection> {
public:
  connection(connection_id id, std::shared_ptr<connection_owner> owner, net::platform& platform,
             std::shared_ptr<tls::context> context, http::reply_limits const& limits);

  void open(std::string const& host, std::uint16_t port);
  void next_address(chores& todo);
  void start(call_id call, chores& todo);
  void probe(call_id call, chores& todo); // lose it if no byte of the reply has come
  hvc::stage close() noexcept;            // says where its exchange stood
  [[nodiscard]] hvc::stage stage();       // of its exchange

private:
  void on_resolved(std::string const& host, error_code ec, std::vector<endpoint> addresses);
  void on_connected(error_code ec) override;
  void on_readable(error_code ec) override;
  void on_writable(error_code ec) override;

  void try_address();
  void fail_to_open(failure f, chores& todo);
  template <class F> void guarded(chores& todo, F step);
  void give_up(dispatch::loss l, chores& todo);
  exchange::event take_in();
  void handle(exchange::event e, chores& todo);
  void start_if_nothing_waits(call_id call, chores& todo);
  void begin(call_id call, chores& todo);
  void begin_if_handed_a_call(chores& todo);
  void flush();
  void arm();
  void arm_if_unarmed();
  [[nodiscard]] bool look_first() noexcept;

  connection_id const id_;
  std::shared_ptr<connection_owner> const owner_;
  platform& platform_;
  std::mutex mutex_;
  exchange exchange_;
  std::unique_ptr<transport> transport_;
  std::vector<endpoint> addresses_; // still to try; the one under way is the first
  call_id held_back_;               // handed over, and not begun
  time_point emptied_at_;           // when the socket was last read to its end; none: it was not
  bool connecting_ = false;
  bool moves_on_ = false; // the connect under way was given up: its news, whatever it is, begins the next one
  bool armed_ = false;    // told when something can be read, or may be:
  bool looks_ = false;    // at the end of the turn
  bool asked_ = false;    // a request was begun, and nothing read since
  std::uint8_t looks_to_skip_ = 0;
  bool waits_writable_ = false;
  bool closed_ = false;
};

} // namespace hvc::net
