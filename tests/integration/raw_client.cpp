#include "raw_client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <stdexcept>
#include <utility>

namespace hvc::test {
namespace {

constexpr int patience_seconds = 20; // so that a test fails instead of hanging

[[noreturn]] void fail(char const* what) { throw std::runtime_error(what); }

SSL* new_tls(std::string const& ca_pem) {
  SSL_CTX* const context = SSL_CTX_new(TLS_client_method());
  BIO* const text = BIO_new_mem_buf(ca_pem.data(), static_cast<int>(ca_pem.size()));
  X509* const ca = PEM_read_bio_X509(text, nullptr, nullptr, nullptr);
  X509_STORE_add_cert(SSL_CTX_get_cert_store(context), ca);
  X509_free(ca);
  BIO_free(text);
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nullptr);
  SSL* const tls = SSL_new(context);
  SSL_CTX_free(context);
  X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(tls), "127.0.0.1");
  return tls;
}

std::string_view value_of(std::string_view head, std::string_view name) {
  auto const at = head.find("\r\n" + std::string(name) + ": ");
  if (at == std::string_view::npos)
    return {};
  auto const start = at + name.size() + 4;
  return head.substr(start, head.find("\r\n", start) - start);
}

} // namespace

int connect_to(std::string_view server) {
  auto const colon = server.rfind(':');
  auto const host = std::string(server.substr(8, colon - 8)); // behind https://
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(std::string(server.substr(colon + 1)))));
  if (inet_pton(AF_INET, host.c_str(), &address.sin_addr) != 1)
    fail("no IPv4 address");
  int const s = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  timeval const patience{patience_seconds, 0};
  ::setsockopt(s, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  if (::connect(s, reinterpret_cast<sockaddr const*>(&address), sizeof address) == 0)
    return s;
  ::close(s);
  fail("connect");
}

raw_client::raw_client(std::string_view server, std::string const& ca_pem) : tls_(new_tls(ca_pem), SSL_free) {
  std::signal(SIGPIPE, SIG_IGN); // SSL_write knows no MSG_NOSIGNAL
  socket_ = connect_to(server);
  SSL_set_fd(tls_.get(), socket_);
  ERR_clear_error();
  if (SSL_connect(tls_.get()) == 1)
    return;
  ::close(socket_);
  fail("handshake");
}

raw_client::~raw_client() { ::close(socket_); }

void raw_client::send(std::string_view bytes) {
  if (SSL_write(tls_.get(), bytes.data(), static_cast<int>(bytes.size())) <= 0)
    fail("write");
}

void raw_client::ask(std::string_view method, std::string_view target, std::string_view lines, std::string_view body) {
  std::string text(method);
  text.append(" ").append(target).append(" HTTP/1.1\r\nHost: 127.0.0.1\r\n").append(lines);
  if (!body.empty() || method == "POST")
    text.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n");
  send(text.append("\r\n").append(body));
}

raw_client::reply raw_client::call(std::string_view method, std::string_view target, std::string_view lines,
                                   std::string_view body) {
  ask(method, target, lines, body);
  return answer();
}

raw_client::reply raw_client::answer() {
  auto const more = [&] {
    if (!receive())
      fail("the connection ended in the middle of a reply");
  };
  std::size_t at = 0;
  while ((at = received_.find("\r\n\r\n")) == std::string::npos)
    more();
  reply r;
  r.head = received_.substr(0, at + 2);
  received_.erase(0, at + 4);
  r.status = std::stoi(r.head.substr(9, 3));
  if (r.has("transfer-encoding: chunked")) {
    for (std::size_t size = 1; size != 0;) {
      while ((at = received_.find("\r\n")) == std::string::npos)
        more();
      size = std::stoul(received_.substr(0, at), nullptr, 16);
      while (received_.size() < at + 2 + size + 2)
        more();
      r.body += received_.substr(at + 2, size);
      received_.erase(0, at + 2 + size + 2);
    }
    return r;
  }
  auto const length = value_of(r.head, "content-length");
  auto const size = length.empty() ? 0 : std::stoul(std::string(length));
  while (received_.size() < size)
    more();
  r.body = received_.substr(0, size);
  received_.erase(0, size);
  return r;
}

std::string raw_client::record() {
  receive();
  return std::exchange(received_, {});
}

std::string raw_client::rest() {
  while (receive())
    ;
  return std::exchange(received_, {});
}

bool raw_client::receive() {
  if (end_ != end::still_open)
    return false;
  char bytes[16384];
  ERR_clear_error();
  errno = 0;
  int const n = SSL_read(tls_.get(), bytes, sizeof bytes);
  if (n > 0) {
    received_.append(bytes, static_cast<std::size_t>(n));
    return true;
  }
  switch (SSL_get_error(tls_.get(), n)) {
  case SSL_ERROR_ZERO_RETURN:
    end_ = end::close_notify;
    return false;
  case SSL_ERROR_WANT_READ:
    fail("no byte for too long");
  case SSL_ERROR_SYSCALL:
    end_ = errno == ECONNRESET ? end::reset : end::truncated;
    return false;
  default:
    end_ = ERR_GET_REASON(ERR_peek_error()) == SSL_R_UNEXPECTED_EOF_WHILE_READING ? end::truncated : end::broken_tls;
    return false;
  }
}

} // namespace hvc::test
