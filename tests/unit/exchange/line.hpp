// An exchange and an OpenSSL server that talk over memory.
#pragma once

#include "exchange/exchange.hpp"

#include "../tls/peer.hpp"

#include "catch.hpp"

#include <boost/asio/error.hpp>

#include <functional>
#include <string>
#include <string_view>

namespace hvc::test {

using namespace tls::test;
using event = exchange::event;

inline constexpr call_id call{7, 3};
inline constexpr std::string_view request = "GET /api/x HTTP/1.1\r\nHost: vc.example.test\r\n\r\n";
inline constexpr std::string_view ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";

inline boost::system::error_code end_of_file() { return boost::asio::error::eof; }
inline boost::system::error_code reset() { return boost::asio::error::connection_reset; }

// An adjustment of a server's context: it sends so many tickets.
[[nodiscard]] std::function<void(SSL_CTX*)> tickets(int n);

// An exchange, its server, and the wire between them, on which nothing moves by itself.
struct line {
  explicit line(int version = TLS1_3_VERSION, std::function<void(SSL_CTX*)> const& adjust = {});

  // The client's side.
  void begin(std::string_view what = request);
  void send(); // all the exchange has to send is given to the server
  void ask();  // begin and send, and the server reads it
  event shake_hands(std::size_t piece = std::string::npos);
  void open(); // shake hands, and take the tickets in
  // All the exchange makes of the bytes, `piece` at a time; the last event that was one.
  event deliver(std::string const& bytes, std::size_t piece = std::string::npos);
  http::reply answered(std::string_view reply = ok); // ask, and have it answered

  // The server's.
  std::string server_reads();
  bool server_saw_close_notify();
  std::string server_output(); // what it wrote, as records, and has not been taken yet
  void write(std::string_view plaintext);
  event says(std::string_view plaintext, std::size_t piece = std::string::npos); // write and deliver
  std::string close_notify();

  server settings;
  exchange x;
  tls::owned_connection server_side;
  int last_error = 0; // of SSL_read
};

// The loss an event told, of that kind and reason.
dispatch::loss lost(line& l, event e, error_kind kind, std::string_view reason);

} // namespace hvc::test
