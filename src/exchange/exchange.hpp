// One connection's protocol, without the connection: TLS handshake, then exchanges of one request and one reply each.
// Told what the socket received and sent, it answers what happened and holds what is to be sent. Knows no socket, no
// pool, no time; not thread-safe.
#pragma once

#include "dispatch/news.hpp"
#include "handle.hpp"
#include "http/reply_reader.hpp"
#include "tls/context.hpp"
#include "tls/stream.hpp"

#include <boost/system/error_code.hpp>

#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace hvc {

class exchange {
public:
  enum class event : std::uint8_t {
    none,
    ready, // the handshake is done: an exchange may begin
    reply, // take_reply(): the exchange is done, another may begin if the reply is reusable
    lost   // take_loss(): nothing more will come of this connection
  };

  exchange(std::shared_ptr<tls::context> context, http::reply_limits const& limits);

  event connected(); // TCP is up
  event received(std::span<char const> ciphertext);
  event ended(boost::system::error_code why); // end of file, or a read error
  // Sends a request; only between ready or reply and the next event. Its buffer is cleansed, and serves the reply.
  event begin(call_id call, std::string request);
  event silent(call_id call);              // the time for the first byte of the reply is over
  dispatch::loss out_of_memory() noexcept; // bad_alloc left one of these: nothing more will come of it

  [[nodiscard]] std::string_view output() const noexcept { return tls_.output(); }
  void sent(std::size_t n) noexcept;
  void send_failed(boost::system::error_code why) noexcept { send_error_ = why; } // a reply may still be there to read
  void release_room() noexcept { tls_.release_room(); } // while idle: keeps no room for what is to be sent
  void close() noexcept; // close_notify, without waiting for the peer's (RFC 9112, section 9.8)

  [[nodiscard]] http::reply take_reply() { return std::move(reply_); }
  [[nodiscard]] dispatch::loss take_loss() { return std::move(loss_); }
  [[nodiscard]] bool idle() const noexcept { return phase_ == phase::idle; }
  [[nodiscard]] bool dead() const noexcept { return phase_ == phase::dead; }
  [[nodiscard]] bool resumed() const noexcept { return tls_.resumed(); }
  [[nodiscard]] call_id call() const noexcept { return call_; }
  [[nodiscard]] hvc::stage stage() const noexcept; // of the exchange under way

private:
  enum class phase : std::uint8_t { handshaking, idle, exchanging, dead };

  event shake_hands();
  event read_idle();
  event read_reply();
  event finish_reply();
  event lose(failure f);

  tls::stream tls_;
  http::reply_reader reader_;
  http::reply reply_;
  dispatch::loss loss_;
  boost::system::error_code send_error_;
  call_id call_;
  unsigned served_ = 0;
  phase phase_ = phase::handshaking;
  bool request_sent_ = false;  // a byte of the request under way was sent
  bool request_waits_ = false; // some of it was not, when the bytes looked at came
};

} // namespace hvc
