#include "line.hpp"

#include <openssl/err.h>

#include <algorithm>

namespace hvc::test {

std::function<void(SSL_CTX*)> tickets(int n) {
  return [n](SSL_CTX* c) { SSL_CTX_set_num_tickets(c, static_cast<std::size_t>(n)); };
}

line::line(int version, std::function<void(SSL_CTX*)> const& adjust)
    : settings(good(), adjust), x(trusting(root()), {}), server_side(SSL_new(settings.only(version).get())) {
  SSL_set_bio(server_side.get(), BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
  SSL_set_accept_state(server_side.get());
}

void line::send() {
  auto const bytes = x.output();
  if (!bytes.empty())
    BIO_write(SSL_get_rbio(server_side.get()), bytes.data(), static_cast<int>(bytes.size()));
  x.sent(bytes.size());
}

std::string line::server_output() {
  char* data = nullptr;
  auto const size = BIO_get_mem_data(SSL_get_wbio(server_side.get()), &data);
  std::string bytes(data, static_cast<std::size_t>(size));
  (void)BIO_reset(SSL_get_wbio(server_side.get()));
  return bytes;
}

event line::deliver(std::string const& bytes, std::size_t piece) {
  auto last = event::none;
  for (std::size_t at = 0; at < bytes.size();) {
    auto const n = std::min(piece, bytes.size() - at);
    if (auto const e = x.received(std::span(bytes).subspan(at, n)); e != event::none) {
      CHECK(last == event::none);
      last = e;
    }
    at += n;
  }
  return last;
}

event line::shake_hands(std::size_t piece) {
  auto e = x.connected();
  for (int round = 0; round < 4 && e == event::none; ++round) {
    send();
    ERR_clear_error();
    SSL_do_handshake(server_side.get());
    e = deliver(server_output(), piece);
  }
  send();
  ERR_clear_error();
  SSL_do_handshake(server_side.get());
  return e;
}

void line::open() {
  REQUIRE(shake_hands() == event::ready);
  REQUIRE(deliver(server_output()) == event::none); // tickets
}

void line::begin(std::string_view what) { REQUIRE(x.begin(call, std::string(what)) == event::none); }

void line::ask() {
  begin();
  send();
  REQUIRE(server_reads() == request);
}

std::string line::server_reads() {
  std::string plaintext;
  char buffer[4096];
  for (;;) {
    ERR_clear_error();
    auto const n = SSL_read(server_side.get(), buffer, sizeof buffer);
    if (n <= 0) {
      last_error = SSL_get_error(server_side.get(), n);
      return plaintext;
    }
    plaintext.append(buffer, static_cast<std::size_t>(n));
  }
}

bool line::server_saw_close_notify() {
  send();
  server_reads();
  return last_error == SSL_ERROR_ZERO_RETURN;
}

event line::says(std::string_view plaintext, std::size_t piece) {
  write(plaintext);
  return deliver(server_output(), piece);
}

void line::write(std::string_view plaintext) {
  REQUIRE(SSL_write(server_side.get(), plaintext.data(), static_cast<int>(plaintext.size())) > 0);
}

std::string line::close_notify() {
  SSL_shutdown(server_side.get());
  return server_output();
}

http::reply line::answered(std::string_view reply) {
  ask();
  REQUIRE(says(reply) == event::reply);
  return x.take_reply();
}

dispatch::loss lost(line& l, event e, error_kind kind, std::string_view reason) {
  REQUIRE(e == event::lost);
  CHECK(l.x.dead());
  auto loss = l.x.take_loss();
  CHECK(to_string(loss.why.kind()) == to_string(kind));
  CHECK(loss.why.reason() == reason);
  CHECK(l.x.received({}) == event::none);
  CHECK(l.x.ended(end_of_file()) == event::none);
  return loss;
}

} // namespace hvc::test
