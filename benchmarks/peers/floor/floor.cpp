// The floor: raw epoll, OpenSSL on memory BIOs and hvc's decoder. No pool, deadline, retry, session or Asio; anything
// but a 200 with a Content-Length ends the connection. What a client costs beyond this is what its comfort costs.
#include "peer.hpp"

#include <hvc/codec.hpp>

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <netdb.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace {

using tls_context = std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)>;

[[noreturn]] void die(char const* what) {
  std::fprintf(stderr, "floor: %s\n", what);
  ERR_print_errors_fp(stderr);
  std::exit(3);
}

tls_context verifying_context(std::string const& ca_file) {
  tls_context context(SSL_CTX_new(TLS_client_method()), SSL_CTX_free);
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  if (SSL_CTX_load_verify_locations(context.get(), ca_file.c_str(), nullptr) != 1)
    die("cannot read the CA file");
  return context;
}

int connected_socket(bench::peer_task const& task) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (::getaddrinfo(task.host.c_str(), task.port.c_str(), &hints, &found) != 0)
    die("cannot resolve the server");
  int const fd = ::socket(found->ai_family, SOCK_STREAM, 0);
  if (fd < 0 || ::connect(fd, found->ai_addr, found->ai_addrlen) != 0)
    die("cannot connect");
  ::freeaddrinfo(found);
  int const on = 1;
  ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return fd;
}

// The body of a complete 200 reply in `bytes`, or an empty view if bytes are missing. Throws at anything else.
std::string_view body_of(std::string_view bytes) {
  auto const end = bytes.find("\r\n\r\n");
  if (end == std::string_view::npos)
    return {};
  std::string_view const head = bytes.substr(0, end + 2);
  if (!head.starts_with("HTTP/1.1 200"))
    throw std::runtime_error("not a 200");
  constexpr std::string_view name = "content-length:";
  for (auto line = head.find("\r\n"); line + 2 < head.size(); line = head.find("\r\n", line + 2)) {
    std::string_view const field = head.substr(line + 2);
    if (field.size() < name.size() || ::strncasecmp(field.data(), name.data(), name.size()) != 0)
      continue;
    std::string_view value = field.substr(name.size());
    value.remove_prefix(std::min(value.find_first_not_of(' '), value.size()));
    std::size_t length = 0;
    std::from_chars(value.data(), value.data() + value.size(), length);
    return bytes.size() == end + 4 + length ? bytes.substr(end + 4) : std::string_view();
  }
  throw std::runtime_error("no Content-Length");
}

class connection {
public:
  connection(bench::peer_task const& task, SSL_CTX* context, std::string_view request, bench::tally& tally)
      : tally_(tally), request_(request), fd_(connected_socket(task)), ssl_(SSL_new(context)) {
    SSL_set_bio(ssl_, from_server_ = BIO_new(BIO_s_mem()), to_server_ = BIO_new(BIO_s_mem()));
    SSL_set_connect_state(ssl_);
    if (X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl_), task.host.c_str()) != 1)
      SSL_set1_host(ssl_, task.host.c_str());
    shake_hands();
    tally_.connection_opened();
  }
  ~connection() {
    SSL_free(ssl_);
    ::close(fd_);
  }
  connection(connection const&) = delete;
  connection& operator=(connection const&) = delete;

  [[nodiscard]] int fd() const noexcept { return fd_; }

  void ask() {
    if (!tally_.take())
      return;
    sent_ = now_;
    if (SSL_write(ssl_, request_.data(), static_cast<int>(request_.size())) <= 0)
      die("cannot write");
    flush();
  }

  void on_readable() {
    char wire[16 * 1024];
    ssize_t const n = ::recv(fd_, wire, sizeof wire, 0);
    if (n <= 0)
      die("the connection ended");
    BIO_write(from_server_, wire, static_cast<int>(n));
    std::string_view body;
    do { // once, unless the reply came in several TLS records
      int const plain = SSL_read(ssl_, reply_ + size_, static_cast<int>(sizeof reply_ - size_));
      if (plain <= 0)
        return; // a session ticket, or a part of a record
      size_ += static_cast<std::size_t>(plain);
      body = body_of({reply_, size_});
    } while (body.empty() && BIO_pending(from_server_) > 0);
    if (body.empty())
      return;
    size_ = 0;
    answered(body);
    ask();
  }

private:
  void answered(std::string_view body) {
    auto const info = hvc::decode_sync_info(body);
    now_ = info ? tally_.succeeded(sent_, &*info) : tally_.failed(sent_);
  }

  void shake_hands() {
    for (;;) {
      int const done = SSL_do_handshake(ssl_);
      flush();
      if (done == 1)
        return;
      if (SSL_get_error(ssl_, done) != SSL_ERROR_WANT_READ)
        die("the handshake failed");
      char wire[16 * 1024];
      ssize_t const n = ::recv(fd_, wire, sizeof wire, 0);
      if (n <= 0)
        die("the connection ended in the handshake");
      BIO_write(from_server_, wire, static_cast<int>(n));
    }
  }

  void flush() {
    char* bytes = nullptr;
    long const size = BIO_get_mem_data(to_server_, &bytes);
    if (size > 0 && ::send(fd_, bytes, static_cast<std::size_t>(size), MSG_NOSIGNAL) != size)
      die("cannot send");
    (void)BIO_reset(to_server_);
  }

  bench::tally& tally_;
  std::string_view request_;
  int fd_;
  SSL* ssl_;
  BIO* from_server_ = nullptr;
  BIO* to_server_ = nullptr;
  std::size_t size_ = 0;
  bench::tally::clock::time_point now_ = bench::tally::clock::now();
  bench::tally::clock::time_point sent_;
  char reply_[16 * 1024];
};

void run(bench::peer_task const& task, bench::tally& tally) {
  tls_context const context = verifying_context(task.ca_file);
  std::string request = "GET " + task.path + " HTTP/1.1\r\nHost: " + task.host + ":" + task.port +
                        "\r\nAccept: application/json\r\nUser-Agent: floor\r\n";
  if (!task.session_token.empty())
    request += "vmware-api-session-id: " + task.session_token + "\r\n";
  request += "\r\n";

  int const epoll = ::epoll_create1(0);
  std::vector<std::unique_ptr<connection>> connections;
  for (unsigned i = 0; i != task.connections; ++i) {
    connections.push_back(std::make_unique<connection>(task, context.get(), request, tally));
    epoll_event interest{};
    interest.events = EPOLLIN | EPOLLET; // a short recv has emptied the socket: no second one is needed
    interest.data.ptr = connections.back().get();
    ::epoll_ctl(epoll, EPOLL_CTL_ADD, connections.back()->fd(), &interest);
  }
  for (auto& c : connections)
    c->ask();

  epoll_event events[128];
  while (!tally.complete()) {
    int const n = ::epoll_wait(epoll, events, 128, -1);
    for (int i = 0; i < n; ++i)
      static_cast<connection*>(events[i].data.ptr)->on_readable();
  }
  ::close(epoll);
}

} // namespace

int main(int argc, char** argv) {
  bench::peer_task const task = bench::parse_peer_task(argc, argv);
  bench::tally tally(task);
  try {
    run(task, tally);
  } catch (std::exception const& e) {
    die(e.what());
  }
  return tally.report();
}
