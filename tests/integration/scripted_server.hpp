// A server that does what a script says, on plain OpenSSL and blocking sockets: for faults no server with manners
// commits. A script is one conversation, told in order: `c.shake_hands(); c.hear(); c.say("HTTP/1.1 200 OK\r\n");
// c.reset();`. Shares no code with the library but the authority that signs its certificate.
#pragma once

#include "simulator/authority.hpp"

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

struct ssl_st;
struct ssl_ctx_st;

namespace hvc::test {

// One accepted connection. Whatever the peer breaks ends the script, silently: the client's view is what tests judge.
class conversation {
public:
  enum class end { close_notify, fin, reset };

  conversation(int socket, ssl_ctx_st* context, unsigned number);
  ~conversation();
  conversation(conversation const&) = delete;
  conversation& operator=(conversation const&) = delete;

  [[nodiscard]] unsigned number() const noexcept { return number_; } // of the server's connections, from 1

  void shake_hands();
  // The handshake, and these bytes in the same segment as its last one: the client has them before it can ask. TLS 1.2.
  void shake_hands_and_say(std::string_view bytes);
  std::string hear();                 // one request without a body, to its empty line
  void say(std::string_view bytes);   // in one record
  void spell(std::string_view bytes); // each byte a record of its own
  void say_in_clear(std::string_view bytes);
  void pause(std::chrono::milliseconds time);
  void farewell();    // close_notify; the socket stays open
  void hang_up();     // FIN, no close_notify
  void reset();       // RST
  end wait_for_end(); // reads until the client is gone

private:
  [[noreturn]] void give_up();
  int socket_;
  std::unique_ptr<ssl_st, void (*)(ssl_st*)> tls_;
  unsigned number_;
  std::string heard_;
};

class scripted_server {
public:
  using script = std::function<void(conversation&)>;

  // Each connection plays its own script, and all further ones the last.
  explicit scripted_server(std::vector<script> scripts, bool tls_1_2_only = false);
  explicit scripted_server(script s) : scripted_server(std::vector<script>{std::move(s)}) {}
  // Waits for its scripts: their clients must be gone, or the scripts must end by themselves.
  ~scripted_server();
  scripted_server(scripted_server const&) = delete;
  scripted_server& operator=(scripted_server const&) = delete;

  [[nodiscard]] std::string url() const;
  [[nodiscard]] std::string ca_pem() const { return authority_.certificate_pem(); }
  [[nodiscard]] unsigned connections() const noexcept { return accepted_; }
  // Until the kernel holds something for each of this process's connections to it, an end included.
  void wait_until_clients_can_read() const;

private:
  void accept_all();
  void play(int socket, unsigned number);

  std::vector<script> scripts_;
  pki::authority authority_;
  std::unique_ptr<ssl_ctx_st, void (*)(ssl_ctx_st*)> context_;
  int listener_ = -1;
  unsigned short port_ = 0;
  std::atomic<unsigned> accepted_ = 0;
  std::vector<std::thread> players_;
  std::thread acceptor_;
};

// A reply with the right length.
[[nodiscard]] std::string reply(std::string_view status_line, std::string_view body, std::string_view fields = {});
// The shortest Info there is.
inline constexpr std::string_view an_info = R"({"status":"SUCCEEDED","polling_interval_in_seconds":300})";
[[nodiscard]] inline std::string good_reply() { return reply("200 OK", an_info); }

} // namespace hvc::test
