// The seams: what a client needs of the world outside. Production is Asio; a simulation puts an in-memory network, a
// virtual clock and a seed here. TLS lies above the seam: a transport carries ciphertext.
#pragma once

#include "time_point.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/system/error_code.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace hvc::net {

using endpoint = boost::asio::ip::tcp::endpoint;
using boost::system::error_code;

// Told what came of what a transport was asked for. Called with nothing held, never from inside the asking.
class transport_events {
public:
  virtual void on_connected(error_code ec) = 0;
  virtual void on_readable(error_code ec) = 0;
  virtual void on_writable(error_code ec) = 0;

protected:
  ~transport_events() = default;
};

// One stream of bytes to a server. What is under way keeps `events` alive; after close() its news is operation_aborted.
// Not thread-safe: the caller holds a lock.
class transport {
public:
  virtual ~transport() = default;
  virtual void connect(endpoint const& to, std::shared_ptr<transport_events> events) = 0;
  // Takes what it can at once; would_block if nothing.
  virtual std::size_t send(std::span<char const> bytes, error_code& ec) = 0;
  virtual void wait_writable(std::shared_ptr<transport_events> events) = 0;
  // One at a time, armed until bytes, the end or an error wait to be received.
  virtual void wait_readable(std::shared_ptr<transport_events> events) = 0;
  // Instead of a wait, with the same news at the end of this turn of the loop, in vain or not.
  virtual void look_later(std::shared_ptr<transport_events> events) = 0;
  // What came already, at once; would_block if nothing. Less than `into` holds: there was no more.
  virtual std::size_t receive(std::span<char> into, error_code& ec) = 0;
  // Whether bytes, the end or an error wait to be received.
  [[nodiscard]] virtual bool readable() noexcept = 0;
  virtual void close() noexcept = 0;
};

// Whom an alarm wakes.
class sleeper {
public:
  virtual void on_alarm() = 0;

protected:
  ~sleeper() = default;
};

class platform {
public:
  virtual ~platform() = default;
  [[nodiscard]] virtual time_point now() const noexcept = 0;
  [[nodiscard]] virtual std::chrono::sys_seconds wall_clock() const noexcept = 0;
  [[nodiscard]] virtual std::unique_ptr<transport> make_transport() = 0;
  // The addresses of a host: a name, or a literal, which is not looked up. Never answers from inside the call. Cannot
  // be cancelled (getaddrinfo cannot): who no longer wants the answer ignores it.
  using resolve_handler = std::function<void(error_code, std::vector<endpoint>)>;
  virtual void resolve(std::string const& host, std::uint16_t port, resolve_handler done) = 0;
  // Rings at `when`, in place of what was asked for before (unless this throws); one that is superseded may still come.
  // One alarm a platform; its user holds a lock.
  virtual void wake_at(time_point when, std::weak_ptr<sleeper> whom) = 0;
  virtual void cancel_alarm() noexcept = 0;
};

} // namespace hvc::net
