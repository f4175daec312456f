#include "scripted_server.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <arpa/inet.h>
#include <csignal>
#include <filesystem>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>

namespace hvc::test {
namespace {

struct script_ended {};

constexpr timeval longest_silence{20, 0}; // after which a script gives up

void set(int socket, int level, int name, int value) { ::setsockopt(socket, level, name, &value, sizeof value); }

ssl_ctx_st* make_context(pki::identity const& shown, bool tls_1_2_only) {
  ssl_ctx_st* const c = ::SSL_CTX_new(::TLS_server_method());
  if (c == nullptr || ::SSL_CTX_use_certificate(c, shown.certificate()) != 1 ||
      ::SSL_CTX_use_PrivateKey(c, shown.key()) != 1)
    throw std::runtime_error("no TLS for the scripted server");
  for (auto const& i : shown.intermediates())
    ::SSL_CTX_add1_chain_cert(c, i.get());
  if (tls_1_2_only)
    ::SSL_CTX_set_max_proto_version(c, TLS1_2_VERSION);
  // A session ticket behind the handshake would be bytes a script did not say.
  ::SSL_CTX_set_num_tickets(c, 0);
  return c;
}

pki::identity identity_of(pki::authority const& a) {
  pki::certificate_options o;
  o.ip_addresses = {"127.0.0.1"};
  return a.issue(o);
}

} // namespace

conversation::conversation(int socket, ssl_ctx_st* context, unsigned number)
    : socket_(socket), tls_(::SSL_new(context), ::SSL_free), number_(number) {
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &longest_silence, sizeof longest_silence);
  ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &longest_silence, sizeof longest_silence);
  set(socket_, IPPROTO_TCP, TCP_NODELAY, 1);
  ::SSL_set_fd(tls_.get(), socket_);
}

conversation::~conversation() {
  ::ERR_clear_error();
  if (socket_ >= 0)
    ::close(socket_);
}

void conversation::give_up() { throw script_ended(); }

void conversation::shake_hands() {
  if (::SSL_accept(tls_.get()) != 1)
    give_up();
}

// The kernel holds a corked flight back until the next one joins it, or for 200 ms: which is what becomes of the first.
void conversation::shake_hands_and_say(std::string_view bytes) {
  set(socket_, IPPROTO_TCP, TCP_CORK, 1);
  shake_hands();
  say(bytes);
  set(socket_, IPPROTO_TCP, TCP_CORK, 0);
}

std::string conversation::hear() {
  for (;;) {
    if (auto const empty_line = heard_.find("\r\n\r\n"); empty_line != std::string::npos) {
      auto request = heard_.substr(0, empty_line + 4);
      heard_.erase(0, empty_line + 4);
      return request;
    }
    char bytes[4096];
    int const n = ::SSL_read(tls_.get(), bytes, sizeof bytes);
    if (n <= 0)
      give_up();
    heard_.append(bytes, static_cast<std::size_t>(n));
  }
}

void conversation::say(std::string_view bytes) {
  if (::SSL_write(tls_.get(), bytes.data(), static_cast<int>(bytes.size())) <= 0)
    give_up();
}

void conversation::spell(std::string_view bytes) {
  for (auto const& byte : bytes)
    say({&byte, 1});
}

void conversation::say_in_clear(std::string_view bytes) {
  if (::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL) < 0)
    give_up();
}

void conversation::pause(std::chrono::milliseconds time) { std::this_thread::sleep_for(time); }

void conversation::farewell() { ::SSL_shutdown(tls_.get()); }

void conversation::hang_up() {
  ::close(socket_);
  socket_ = -1;
}

void conversation::reset() {
  linger const at_once{1, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  hang_up();
}

conversation::end conversation::wait_for_end() {
  char bytes[4096];
  int n = 0;
  while ((n = ::SSL_read(tls_.get(), bytes, sizeof bytes)) > 0)
    heard_.append(bytes, static_cast<std::size_t>(n));
  if (::SSL_get_error(tls_.get(), n) == SSL_ERROR_ZERO_RETURN)
    return end::close_notify;
  while ((n = static_cast<int>(::recv(socket_, bytes, sizeof bytes, 0))) > 0) {
  }
  return n == 0 ? end::fin : end::reset;
}

scripted_server::scripted_server(std::vector<script> scripts, bool tls_1_2_only)
    : scripts_(std::move(scripts)), context_(make_context(identity_of(authority_), tls_1_2_only), ::SSL_CTX_free) {
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof where;
  if (listener_ < 0 || ::bind(listener_, reinterpret_cast<sockaddr*>(&where), size) != 0 ||
      ::listen(listener_, 128) != 0 || ::getsockname(listener_, reinterpret_cast<sockaddr*>(&where), &size) != 0)
    throw std::runtime_error("the scripted server cannot listen");
  port_ = ntohs(where.sin_port);
  acceptor_ = std::thread([this] { accept_all(); });
}

scripted_server::~scripted_server() {
  ::shutdown(listener_, SHUT_RDWR); // wakes accept()
  acceptor_.join();
  ::close(listener_);
  for (auto& p : players_)
    p.join();
}

std::string scripted_server::url() const { return "https://127.0.0.1:" + std::to_string(port_); }

void scripted_server::wait_until_clients_can_read() const {
  for (auto const& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    pollfd one{std::stoi(entry.path().filename().string()), POLLIN, 0};
    sockaddr_in peer{};
    socklen_t size = sizeof peer;
    if (::getpeername(one.fd, reinterpret_cast<sockaddr*>(&peer), &size) == 0 && peer.sin_family == AF_INET &&
        peer.sin_port == htons(port_) && ::poll(&one, 1, static_cast<int>(longest_silence.tv_sec) * 1'000) != 1)
      throw std::runtime_error("nothing came for a client of the scripted server");
  }
}

void scripted_server::accept_all() {
  // Signals are for the client to meet, also SIGPIPE, which OpenSSL's socket BIO does not keep off.
  sigset_t all;
  ::sigfillset(&all);
  ::pthread_sigmask(SIG_BLOCK, &all, nullptr); // of this thread and those it starts
  for (;;) {
    int const socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0)
      return;
    players_.emplace_back([this, socket, number = ++accepted_] { play(socket, number); });
  }
}

void scripted_server::play(int socket, unsigned number) {
  conversation c(socket, context_.get(), number);
  try {
    scripts_[std::min<std::size_t>(number, scripts_.size()) - 1](c);
  } catch (script_ended const&) {
  }
}

std::string reply(std::string_view status_line, std::string_view body, std::string_view fields) {
  return "HTTP/1.1 " + std::string(status_line) + "\r\ncontent-type: application/json\r\n" + std::string(fields) +
         "content-length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body);
}

} // namespace hvc::test
