// A blocking HTTP-over-TLS client of a few lines on plain OpenSSL, for tests that ask what exactly is on the wire. It
// believes nothing and interprets little; it shares no code with the library.
#pragma once

#include <memory>
#include <string>
#include <string_view>

struct ssl_st;

namespace hvc::test {

constexpr auto sync_target = "/api/hvc/links/link-1/sync/providers/provider-1";

// A socket connected to "https://127.0.0.1:PORT", the caller's to close. Throws std::runtime_error.
int connect_to(std::string_view server);

class raw_client {
public:
  enum class end { still_open, close_notify, truncated, reset, broken_tls };

  struct reply {
    int status = 0;
    std::string head; // as received
    std::string body; // chunks joined
    [[nodiscard]] bool has(std::string_view line) const { return head.find(line) != std::string::npos; }
  };

  // Throws std::runtime_error where the connection or the handshake fails.
  raw_client(std::string_view server, std::string const& ca_pem);
  ~raw_client();
  raw_client(raw_client const&) = delete;
  raw_client& operator=(raw_client const&) = delete;

  void send(std::string_view bytes);
  // A request with these header lines ("a: b\r\n"), without waiting.
  void ask(std::string_view method, std::string_view target, std::string_view lines = {}, std::string_view body = {});
  // One whole reply; throws std::runtime_error if the connection ends first.
  reply answer();
  reply get(std::string_view target, std::string_view lines = {}) { return call("GET", target, lines); }
  reply call(std::string_view method, std::string_view target, std::string_view lines = {}, std::string_view body = {});
  // What one record brings, if nothing has come yet that was not asked for; empty: the connection has ended.
  std::string record();
  // Everything until the connection ends.
  std::string rest();
  [[nodiscard]] end how_it_ended() const noexcept { return end_; }

private:
  bool receive(); // more bytes, or the end
  int socket_ = -1;
  std::unique_ptr<ssl_st, void (*)(ssl_st*)> tls_;
  std::string received_;
  end end_ = end::still_open;
};

} // namespace hvc::test
